package io.kaiseki.pipelines.job;

import io.kaiseki.inference.Lane;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.JobSettings;
import java.util.Optional;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** The documents topic of an analysis, without an end. */
record LiveInput(AnalysisDefinition definition, JobSettings settings) implements JobInput {

  @Override
  public Lane lane() {
    return Lane.LIVE;
  }

  @Override
  public Optional<String> topic() {
    return Optional.of(definition.topics().documents());
  }

  @Override
  public Records records(StreamExecutionEnvironment environment) {
    return new Records(
        environment
            .fromSource(source(), WatermarkStrategy.noWatermarks(), "documents")
            .uid("documents"),
        Optional.empty());
  }

  // The connector's interface still asks for Kafka's deprecated type.
  @SuppressWarnings("deprecation")
  private KafkaSource<RawRecord> source() {
    return KafkaSource.<RawRecord>builder()
        .setProperties(settings.kafka().properties())
        .setTopics(definition.topics().documents())
        .setGroupId(settings.name())
        // Without a checkpoint, go on where this group was last seen, and else begin at the start.
        .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
        .setDeserializer(new RawRecordDeserializer())
        // What a producer has given up was never sent: a redrive that was killed, for one.
        .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
        .build();
  }
}
