package io.kaiseki.pipelines.backfill;

import io.kaiseki.pipelines.backfill.source.ArchiveSource;
import io.kaiseki.pipelines.job.RawRecord;
import io.kaiseki.pipelines.job.RecordTypes;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Documents of files. */
final class ArchiveInput extends BackfillInput {

  private final ArchiveSource source;
  private final OptionalInt largestDeadLetter;

  /**
   * An input.
   *
   * @param largestDeadLetter most bytes that the dead-letter topic takes: a file may be of any size
   */
  ArchiveInput(String token, ArchiveSource source, OptionalInt largestDeadLetter) {
    super(token);
    this.source = source;
    this.largestDeadLetter = largestDeadLetter;
  }

  @Override
  int counters() {
    return 6;
  }

  @Override
  public Records records(StreamExecutionEnvironment environment) {
    SingleOutputStreamOperator<RawRecord> entries =
        environment
            .fromSource(source, WatermarkStrategy.noWatermarks(), "archive")
            .uid("archive")
            .process(new SplitUnreadable(), RecordTypes.RAW_RECORD)
            .name("readable or not")
            .uid("split-unreadable");
    return new Records(
        countedDocuments(entries, "documents"),
        Optional.of(
            countedDocuments(entries.getSideOutput(SplitUnreadable.UNREADABLE), "unreadable")));
  }

  @Override
  public OptionalInt largestDeadLetter() {
    return largestDeadLetter;
  }
}
