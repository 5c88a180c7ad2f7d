package io.kaiseki.desk.topology;

import static io.kaiseki.desk.topology.DrivenDesk.NOW;
import static io.kaiseki.desk.topology.DrivenDesk.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.desk.Triage;
import io.kaiseki.desk.model.BadRecordException;
import io.kaiseki.desk.state.DocumentCard;
import io.kaiseki.desk.state.Entry;
import io.kaiseki.desk.view.LocalRows;
import io.kaiseki.schemas.DeadLetterReason;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.wire.AvroDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that would stop a desk that is less careful, again after each restart. */
class BadRecordsTest {

  @TempDir private Path state;

  @Test
  void times_at_the_ends_of_all_time_are_latencies_at_the_ends_of_the_histogram() throws Exception {
    try (DrivenDesk desk = new DrivenDesk(state, new LocalRows())) {
      for (long received : new long[] {Long.MIN_VALUE, Long.MAX_VALUE, 0}) {
        String id = "r" + received;
        send(desk.documents, "", document(desk, id, Instant.ofEpochMilli(received)));
        send(desk.results, id, desk.triage.result(id, "billing", 0.9, NOW));
        send(
            desk.results,
            id,
            desk.triage.result(id, "delivery", 0.9, Instant.ofEpochMilli(received)));
      }

      assertThat(desk.setAside()).isEmpty();
      assertThat(desk.tallies()).containsEntry("status\u001fopen", 3L);
      Histogram latencies =
          LatencyHistogram.read(desk.minutes().get(Minutes.minute(NOW)).getLatency());
      assertThat(latencies.getTotalCount()).isEqualTo(3);
      assertThat(latencies.getMinNonZeroValue()).isEqualTo(1);
      assertThat(latencies.getMaxValue())
          .isGreaterThanOrEqualTo(LatencyHistogram.LONGEST.toMillis());
    }
  }

  @Test
  void of_a_document_the_beginning_is_kept_of_all_that_a_sender_may_make_long() throws Exception {
    Map<String, String> attributes = new HashMap<>();
    attributes.put("channel", "e-mail");
    attributes.put("history", "x".repeat(400_000));
    attributes.put("n".repeat(5_000), "named");
    for (int i = 0; i < 100; i++) {
      attributes.put("z-" + i, "");
    }
    try (DrivenDesk desk = new DrivenDesk(state, new LocalRows())) {
      send(
          desk.documents,
          "",
          desk.triage.document("a", "T".repeat(999) + "😀".repeat(200_000), "t", NOW, attributes));
      send(desk.results, "a", desk.triage.result("a", "billing", 0.9, NOW));

      Entry entry = desk.entries().get("a");
      DocumentCard card = entry.getDocument();
      assertThat(card.getTitle()).isEqualTo("T".repeat(999) + "…");
      assertThat(card.getAttributes())
          .hasSize(51)
          .containsEntry("channel", "e-mail")
          .containsEntry("history", "x".repeat(1_000) + "…")
          .containsEntry("n".repeat(100) + "…", "named")
          .containsEntry("…", "53");
      assertThat(StateSerdes.entries().serializer().serialize("", entry)).hasSizeLessThan(10_000);
    }
  }

  @Test
  void what_would_be_too_large_to_keep_is_set_aside_by_its_coordinates() throws Exception {
    try (DrivenDesk desk = new DrivenDesk(state, new LocalRows())) {
      send(desk.results, "a", desk.triage.result("a", "billing", 0.9, NOW));
      Map<String, Long> counted = desk.tallies();
      String long5 = "q".repeat(5 << 20);
      send(desk.results, "a", desk.triage.result("a", "delivery", 0.9, long5, List.of(), NOW, 0));
      send(desk.documents, "", document(desk, "i".repeat(5 << 20), NOW));
      send(desk.letters, "", letter(desk, "i".repeat(9 << 20)));
      send(desk.results, "b", desk.triage.result("b", "billing", 0.9, NOW));

      assertThat(desk.setAside())
          .hasSize(3)
          .allSatisfy(
              record -> {
                assertThat(record.value()).isNull();
                assertThat(record.key()).isNull();
              })
          .extracting(record -> header(record.headers().lastHeader("__streams.errors.topic")))
          .containsExactly("t-out", "t-in", "t-dead");
      assertThat(desk.entries().get("a").getAnswer().getFields().get(2).getValue())
          .isEqualTo("billing");
      assertThat(desk.tallies().get("status\u001fopen"))
          .isEqualTo(counted.get("status\u001fopen") + 1);
    }
  }

  @Test
  void whatever_goes_wrong_over_a_record_it_is_set_aside_and_leaves_no_trace() throws Exception {
    try (DrivenDesk desk = new DrivenDesk(state, failing(new ClassCastException("secret")))) {
      byte[] bad = desk.triage.result("bad", "billing", 0.9, NOW);
      send(desk.results, "bad", bad);
      assertThat(desk.setAside())
          .singleElement()
          .satisfies(record -> assertThat(record.value()).isEqualTo(bad));
      assertThat(desk.entries().get("bad")).isNull();
      assertThat(desk.tallies()).isEmpty();
      assertThat(desk.minutes().get(Minutes.minute(NOW))).isNull();

      send(desk.results, "good", desk.triage.result("good", "billing", 0.9, NOW));
      assertThat(desk.entries().get("good")).isNotNull();
    }
  }

  @Test
  void trouble_of_kafka_is_no_fault_of_a_record() throws Exception {
    try (DrivenDesk desk = new DrivenDesk(state, failing(new TimeoutException("no answer")))) {
      byte[] record = desk.triage.result("bad", "billing", 0.9, NOW);
      assertThatThrownBy(() -> send(desk.results, "bad", record))
          .isInstanceOf(StreamsException.class);
      assertThat(desk.setAside()).isEmpty();
    }
  }

  @Test
  void a_record_of_which_nothing_can_be_made_is_bad_whatever_the_reason() throws Exception {
    try (SchemaRegistryClient client =
        RegistrySettings.of("mock://" + UUID.randomUUID()).connect()) {
      byte[] document = new Triage(client, "t").document("a", null, "secret", NOW);
      WireDeserializer<Document, String> deserializer =
          new WireDeserializer<>(
              () -> AvroDecoder.specific(new RegisteredSchemas(client, "test"), Document.class),
              (record, bytes) -> {
                throw new ArithmeticException(record.getBody());
              },
              new CountDownLatch(1));
      assertThatThrownBy(() -> deserializer.deserialize("t-in", document))
          .isInstanceOf(BadRecordException.class)
          .hasMessage("the record can't be read: java.lang.ArithmeticException");
    }
  }

  private static byte[] document(DrivenDesk desk, String id, Instant receivedAt) {
    return desk.triage.document(id, "Bill", "text", receivedAt);
  }

  private static byte[] letter(DrivenDesk desk, String id) {
    return desk.triage.letter(id, DeadLetterReason.DEADLINE, 1, NOW);
  }

  private static String header(Header header) {
    return new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Fails over the document {@code bad}. */
  private static EntryListener failing(RuntimeException failure) {
    return new EntryListener() {
      @Override
      public void opened(int partition, Iterator<Entry> entries) {}

      @Override
      public Runnable changing(int partition, Entry entry) {
        if (entry.getId().equals("bad")) {
          throw failure;
        }
        return () -> {};
      }

      @Override
      public void removed(int partition, String id) {}

      @Override
      public void closed(int partition) {}
    };
  }
}
