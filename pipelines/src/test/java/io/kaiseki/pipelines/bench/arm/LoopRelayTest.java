package io.kaiseki.pipelines.bench.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kaiseki.pipelines.analysis.AnalysisTopics;
import io.kaiseki.pipelines.config.DeliverySettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** A relay at least once, between made-up clients. */
class LoopRelayTest {

  private static final TopicPartition PARTITION = new TopicPartition("documents", 0);
  private static final DeliverySettings DELIVERY =
      new DeliverySettings(
          DeliverySettings.Guarantee.AT_LEAST_ONCE,
          "file:///nowhere",
          Duration.ofMillis(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(2));

  private final Map<TopicPartition, OffsetAndMetadata> committed = new ConcurrentHashMap<>();

  @Test
  void a_record_that_could_not_be_sent_fails_the_relay_and_is_not_committed() {
    try (LoopRelay relay = relay(new FailingProducer())) {
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(relay::check)
                      .isInstanceOf(ArmFailedException.class)
                      .hasMessageContaining("a record could not be sent: larger than it may be"));
    }
    assertThat(committed).isEmpty();
  }

  @Test
  void a_record_that_was_sent_is_committed() {
    try (LoopRelay relay =
        relay(
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()))) {
      await().untilAsserted(() -> assertThat(committed).containsKey(PARTITION));
      relay.check();
    }
    assertThat(committed).containsEntry(PARTITION, new OffsetAndMetadata(1));
  }

  private LoopRelay relay(MockProducer<byte[], byte[]> producer) {
    return new LoopRelay(
        new AnalysisTopics("documents", "results", "dead-letters"),
        DELIVERY,
        new OneRecord(),
        producer);
  }

  /** Has one document, and tells what is committed. */
  private final class OneRecord extends MockConsumer<byte[], byte[]> {

    OneRecord() {
      super("earliest");
      schedulePollTask(
          () -> {
            rebalance(List.of(PARTITION));
            updateBeginningOffsets(Map.of(PARTITION, 0L));
            byte[] text = "a document".getBytes(StandardCharsets.UTF_8);
            addRecord(new ConsumerRecord<>(PARTITION.topic(), 0, 0, text, text));
          });
    }

    @Override
    public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
      committed.putAll(offsets);
    }
  }

  /** Takes records, and fails on them later, as a real one does. */
  private static final class FailingProducer extends MockProducer<byte[], byte[]> {

    FailingProducer() {
      super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized void flush() {
      while (errorNext(new RecordTooLargeException("larger than it may be"))) {
        continue;
      }
    }
  }
}
