package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.demo.Received;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * What was sent, by the coordinates that the broker gave it. Safe for use by the threads that send
 * and the one that checks.
 */
public final class Ledger {

  private final Map<String, Optional<String>> sent = new ConcurrentHashMap<>();

  /** Notes a record that holds a document. */
  public void document(RecordMetadata record, String id) {
    sent.put(coordinates(record), Optional.of(id));
  }

  /** Notes a record that may hold no document at all. */
  public void undecodable(RecordMetadata record) {
    sent.put(coordinates(record), Optional.empty());
  }

  public int size() {
    return sent.size();
  }

  /** The oracle: every record exactly once, under its own id, and nothing else. */
  public void assertSettledBy(Collection<Received> outcomes) {
    Map<String, List<Received>> bySource =
        outcomes.stream().collect(Collectors.groupingBy(Received::source));
    assertThat(sent.keySet()).as("lost").filteredOn(key -> !bySource.containsKey(key)).isEmpty();
    assertThat(bySource.entrySet())
        .as("duplicated")
        .filteredOn(entry -> entry.getValue().size() > 1)
        .isEmpty();
    assertThat(bySource.keySet()).as("never sent").allMatch(sent::containsKey);
    outcomes.forEach(
        outcome ->
            sent.get(outcome.source())
                .ifPresent(id -> assertThat(documentId(outcome)).isEqualTo(id)));
  }

  public static String coordinates(RecordMetadata record) {
    return record.topic() + "-" + record.partition() + "@" + record.offset();
  }

  /** Outcomes by the record that they came from, each of which must have one. */
  public static Map<String, Received> bySource(Collection<Received> outcomes) {
    return outcomes.stream().collect(Collectors.toMap(Received::source, Function.identity()));
  }

  private static String documentId(Received outcome) {
    return outcome instanceof Received.Answered answered
        ? answered.result().documentId()
        : ((Received.Dead) outcome).letter().getDocumentId();
  }
}
