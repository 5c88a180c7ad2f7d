package io.kaiseki.pipelines.backfill;

import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.job.RawRecord;
import io.kaiseki.pipelines.job.RawRecordDeserializer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;

/** Documents of a topic, between two offsets of each partition. */
final class TopicInput extends BackfillInput {

  private final JobSettings settings;
  private final String topic;
  private final List<TopicRange> ranges;

  /**
   * An input.
   *
   * @param ranges one at least, none of them empty
   */
  TopicInput(String token, JobSettings settings, String topic, List<TopicRange> ranges) {
    super(token);
    this.settings = settings;
    this.topic = topic;
    this.ranges = List.copyOf(ranges);
  }

  @Override
  int counters() {
    return 5;
  }

  @Override
  public Optional<String> topic() {
    return Optional.of(topic);
  }

  @Override
  public Records records(StreamExecutionEnvironment environment) {
    return new Records(
        countedDocuments(
            environment
                .fromSource(source(), WatermarkStrategy.noWatermarks(), "topic")
                .uid("topic"),
            "documents"),
        Optional.empty());
  }

  private KafkaSource<RawRecord> source() {
    Map<TopicPartition, Long> starts = new HashMap<>();
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (TopicRange range : ranges) {
      TopicPartition partition = new TopicPartition(topic, range.partition());
      starts.put(partition, range.from());
      ends.put(partition, range.to());
    }
    return KafkaSource.<RawRecord>builder()
        .setProperties(settings.kafka().properties())
        // Where it stands is in its checkpoints alone; a group would only be left behind.
        .setProperty(KafkaSourceOptions.COMMIT_OFFSETS_ON_CHECKPOINT.key(), "false")
        .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
        // A set of its own: that of the map can't travel in a job graph.
        .setPartitions(new HashSet<>(starts.keySet()))
        .setGroupId(settings.name())
        .setStartingOffsets(OffsetsInitializer.offsets(starts))
        .setBounded(OffsetsInitializer.offsets(ends))
        .setDeserializer(new RawRecordDeserializer())
        .build();
  }
}
