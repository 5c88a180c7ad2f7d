package io.kaiseki.desk.view;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaiseki.desk.state.Entry;
import io.kaiseki.desk.topology.Stores;
import io.kaiseki.schemas.registry.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * All documents, wherever their partitions live. Each question is answered from this instance and
 * from every other one; which are there, the streams application itself knows. Safe for use by many
 * threads.
 */
public final class DeskView {

  /** Where instances ask each other, for what each of them has itself. */
  public static final String INTERNAL = "/internal/v1";

  private final KafkaStreams streams;
  private final LocalRows rows;
  private final Details details;
  private final Peers peers;
  private final HostInfo self;
  private final int partitions;
  private final ObjectMapper json;

  /**
   * @param self under which address other instances know this one
   * @param partitions all that there are
   * @param token the bearer token that all instances share; null where they ask for none
   */
  public DeskView(
      KafkaStreams streams,
      LocalRows rows,
      Details details,
      HostInfo self,
      int partitions,
      @Nullable Secret token,
      ObjectMapper json) {
    this.streams = streams;
    this.rows = rows;
    this.details = details;
    this.peers = new Peers(token);
    this.self = self;
    this.partitions = partitions;
    this.json = json;
  }

  /** Grows with every change on this instance. */
  public long version() {
    return rows.version();
  }

  /** Whether every partition is here or with another instance, and this one serves its own. */
  public boolean isReady() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** State of the streams application, in Kafka's word. */
  public String state() {
    return streams.state().name();
  }

  /** Whether an answer covers everything. */
  public boolean isComplete(Set<Integer> covered) {
    return covered.size() == partitions;
  }

  /** Whether there are other instances. */
  public boolean isAlone() {
    return others().isEmpty();
  }

  /**
   * A page of documents.
   *
   * @param address the same question as the query of an address, for the other instances
   */
  public RowPage find(RowQuery query, String address) {
    List<CompletableFuture<Optional<byte[]>>> asked =
        ask(INTERNAL + "/documents" + (address.isEmpty() ? "" : "?" + address));
    List<RowPage> pages = new ArrayList<>();
    pages.add(rows.find(query));
    answers(asked).forEach(bytes -> pages.add(read(bytes, RowPage.class)));
    return RowPage.merge(pages, query);
  }

  /** A page of the documents that are here. */
  public RowPage findLocal(RowQuery query) {
    return rows.find(query);
  }

  /** What was counted since then. */
  public Counted counted(Instant since) {
    List<CompletableFuture<Optional<byte[]>>> asked =
        ask(INTERNAL + "/counts?since=" + since.getEpochSecond());
    List<Counted> parts = new ArrayList<>();
    parts.add(countedLocal(since));
    answers(asked).forEach(bytes -> parts.add(read(bytes, Counted.class)));
    return Counted.sum(parts);
  }

  /** What was counted here since then; nothing while partitions move. */
  public Counted countedLocal(Instant since) {
    try {
      return LocalCounts.read(streams, since, rows.partitions());
    } catch (InvalidStateStoreException e) {
      return new Counted(Map.of(), List.of(), Set.of());
    }
  }

  /**
   * One document, from the instance that has it.
   *
   * @return empty if the desk does not know it
   * @throws ViewUnavailableException while its partition moves, or if its instance does not answer
   */
  public Optional<Detail> document(String id) {
    KeyQueryMetadata owner = owner(id);
    if (owner.activeHost().equals(self)) {
      return documentLocal(id, owner.partition());
    }
    String path =
        INTERNAL
            + "/documents/"
            + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    byte[] answer =
        peers
            .get(owner.activeHost(), path)
            .join()
            .orElseThrow(
                () -> new ViewUnavailableException("the document's instance does not answer"));
    return Optional.ofNullable(read(answer, Found.class).document());
  }

  /**
   * One document, if its partition is here.
   *
   * @return empty if the desk does not know it
   * @throws ViewUnavailableException if its partition is not here, or moves
   */
  public Optional<Detail> documentLocal(String id) {
    return documentLocal(id, owner(id).partition());
  }

  /** Of all partitions together, one that is not here would be nothing but a document less. */
  private Optional<Detail> documentLocal(String id, int partition) {
    try {
      ReadOnlyKeyValueStore<String, Entry> entries =
          streams.store(
              StoreQueryParameters.fromNameAndType(
                      Stores.ENTRIES, QueryableStoreTypes.<String, Entry>keyValueStore())
                  .withPartition(partition));
      return Optional.ofNullable(entries.get(id)).map(details::of);
    } catch (InvalidStateStoreException e) {
      throw new ViewUnavailableException("the document's partition is moving");
    }
  }

  private KeyQueryMetadata owner(String id) {
    KeyQueryMetadata owner =
        streams.queryMetadataForKey(Stores.ENTRIES, id, new StringSerializer());
    if (owner.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
      throw new ViewUnavailableException("the document's partition is moving");
    }
    return owner;
  }

  /**
   * Answer of an instance that was asked for a document.
   *
   * @param document null if there is none
   */
  public record Found(@Nullable Detail document) {}

  /** The versions of the other instances, as one number that changes when one of them does. */
  public long versionElsewhere() {
    long sum = 0;
    for (byte[] answer : answers(ask(INTERNAL + "/version"))) {
      sum += read(answer, Long.class);
    }
    return sum;
  }

  private List<CompletableFuture<Optional<byte[]>>> ask(String path) {
    return others().stream().map(peer -> peers.get(peer, path)).toList();
  }

  private static List<byte[]> answers(List<CompletableFuture<Optional<byte[]>>> asked) {
    return asked.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList();
  }

  private List<HostInfo> others() {
    if (!streams.state().isRunningOrRebalancing()) {
      return List.of();
    }
    return streams.metadataForAllStreamsClients().stream()
        .map(StreamsMetadata::hostInfo)
        .filter(host -> !host.equals(self) && !host.equals(HostInfo.unavailable()))
        .distinct()
        .toList();
  }

  private <T> T read(byte[] bytes, Class<T> type) {
    try {
      return json.readValue(bytes, type);
    } catch (IOException e) {
      throw new UncheckedIOException("another instance answers what this one can't read", e);
    }
  }
}
