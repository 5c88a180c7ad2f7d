package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Event time in a job whose input is partly idle and whose model is slow with one document. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EventTimeJobTest {

  private static final Duration IDLENESS = Duration.ofMillis(200);
  private static final Duration DEADLINE = Duration.ofMillis(1_000);
  private static final Duration GRACE = Duration.ofMillis(200);
  private static final int DOCUMENTS = 450;
  private static final double PER_SECOND = 200;
  private static final int SLOW = 50;

  /** What a busy machine may add; without the deadline, the lag would have no end. */
  private static final Duration SLACK = Duration.ofMinutes(1);

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  /** A watermark and when it came, both in milliseconds since the epoch. */
  private record Passed(long watermark, long at) {}

  @Test
  void an_idle_partition_and_a_slow_document_hold_event_time_back_by_a_deadline_and_no_more()
      throws Exception {
    try (var engine =
        ScriptedEngine.running(
            (call, index) -> {
              if (index != SLOW) {
                call.answer();
              }
            })) {
      var environment = StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
      environment.setParallelism(1);
      DataStream<Long> busy = environment.fromSource(clock(), eventTime(), "busy partition");
      DataStream<Long> idle =
          environment
              .fromSource(FirstDocuments.source(0), WatermarkStrategy.noWatermarks(), "idle")
              .map(Long::parseLong)
              .assignTimestampsAndWatermarks(eventTime());
      InferenceStreams<Long> outcomes =
          AsyncInference.<Long>builder()
              .analysis(Completions.ANALYSIS)
              .engine(engine.source())
              .documentId(String::valueOf)
              .text(String::valueOf)
              .capacity(16)
              .deadline(DEADLINE)
              .grace(GRACE)
              .build()
              .apply(busy.union(idle));
      outcomes
          .answered()
          .map(answered -> answered.input())
          .union(outcomes.failed().map(failed -> failed.input()))
          .transform("probe", Types.LONG, new WatermarkProbe())
          .sinkTo(new DiscardingSink<>());

      var job = environment.executeAsync();
      await().atMost(SLACK).until(() -> WatermarkProbe.RECORDS.get() >= DOCUMENTS);
      await("the lag after the slow document").atMost(SLACK).until(EventTimeJobTest::isSmall);
      job.cancel().get();

      List<Passed> passed = List.copyOf(WatermarkProbe.PASSED);
      long greatest = 0;
      for (int i = 1; i < passed.size(); i++) {
        greatest = Math.max(greatest, passed.get(i).at() - passed.get(i - 1).watermark());
      }
      assertThat(Duration.ofMillis(greatest))
          .as("the watermark's greatest lag behind the clock")
          .isGreaterThan(DEADLINE)
          .isLessThan(DEADLINE.plus(GRACE).plus(IDLENESS).plus(SLACK));
    }
  }

  /** Whether the watermark is back at the clock, and so held back by nothing that goes on. */
  private static boolean isSmall() {
    List<Passed> passed = List.copyOf(WatermarkProbe.PASSED);
    Passed last = passed.get(passed.size() - 1);
    return last.at() - last.watermark() < DEADLINE.toMillis();
  }

  /** Documents that are the time at which they are made. */
  private static DataGeneratorSource<Long> clock() {
    return new DataGeneratorSource<>(
        number -> System.currentTimeMillis(),
        Long.MAX_VALUE,
        RateLimiterStrategy.perSecond(PER_SECOND),
        Types.LONG);
  }

  private static WatermarkStrategy<Long> eventTime() {
    return WatermarkStrategy.<Long>forMonotonousTimestamps()
        .withTimestampAssigner((document, timestamp) -> document)
        .withIdleness(IDLENESS);
  }

  /** Notes watermarks as they pass. */
  private static final class WatermarkProbe extends AbstractStreamOperator<Long>
      implements OneInputStreamOperator<Long, Long> {

    private static final long serialVersionUID = 1L;
    private static final Queue<Passed> PASSED = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger RECORDS = new AtomicInteger();

    @Override
    public void processElement(StreamRecord<Long> element) {
      RECORDS.incrementAndGet();
      output.collect(element);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
      PASSED.add(new Passed(mark.getTimestamp(), System.currentTimeMillis()));
      super.processWatermark(mark);
    }
  }
}
