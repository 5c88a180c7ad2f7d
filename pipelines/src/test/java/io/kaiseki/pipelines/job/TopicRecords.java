package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** All records of a topic, for a test to look at. */
public final class TopicRecords {

  private TopicRecords() {}

  /** What a consumer of committed records finds. */
  public static List<ConsumerRecord<byte[], byte[]>> committed(KafkaSettings kafka, String topic) {
    return read(kafka, topic, "read_committed");
  }

  /** What was written, whether it was committed or not. */
  public static List<ConsumerRecord<byte[], byte[]>> written(KafkaSettings kafka, String topic) {
    return read(kafka, topic, "read_uncommitted");
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(
      KafkaSettings kafka, String topic, String isolation) {
    Properties properties = kafka.properties();
    properties.put("isolation.level", isolation);
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      Collection<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
        consumer.poll(Duration.ofMillis(200)).forEach(found::add);
      }
    }
    return found;
  }
}
