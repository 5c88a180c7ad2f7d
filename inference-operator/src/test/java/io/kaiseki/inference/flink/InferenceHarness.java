package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.datastream.AsyncDataStream.OutputMode;
import org.apache.flink.streaming.api.operators.async.AsyncWaitOperatorFactory;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/**
 * Flink's async operator around an {@link InferenceFunction}, on the test's thread and under a
 * clock that stands still until the test moves it.
 */
final class InferenceHarness<T> implements AutoCloseable {

  private final OneInputStreamOperatorTestHarness<T, Inferred<T, Outcome>> operator;
  private final SteppingClock clock = new SteppingClock();

  private InferenceHarness(
      InferenceOptions<T> options,
      TypeInformation<T> type,
      OutputMode mode,
      boolean objectReuse,
      @Nullable OperatorSubtaskState state)
      throws Exception {
    var serializerConfig = new SerializerConfigImpl();
    var function = new InferenceFunction<>(options, type, clock);
    operator =
        new OneInputStreamOperatorTestHarness<>(
            new AsyncWaitOperatorFactory<>(
                function,
                options.deadline().plus(options.grace()).toMillis(),
                options.capacity(),
                mode),
            type.createSerializer(serializerConfig));
    if (objectReuse) {
      operator.getExecutionConfig().enableObjectReuse();
    }
    operator.setup(function.getProducedType().createSerializer(serializerConfig));
    if (state != null) {
      operator.initializeState(state);
    }
    operator.open();
  }

  static <T> InferenceHarness<T> open(AsyncInference<T> inference, TypeInformation<T> type)
      throws Exception {
    return new InferenceHarness<>(inference.options(), type, OutputMode.UNORDERED, false, null);
  }

  static <T> InferenceHarness<T> openOrdered(AsyncInference<T> inference, TypeInformation<T> type)
      throws Exception {
    return new InferenceHarness<>(inference.options(), type, OutputMode.ORDERED, false, null);
  }

  static <T> InferenceHarness<T> openReusingObjects(
      AsyncInference<T> inference, TypeInformation<T> type) throws Exception {
    return new InferenceHarness<>(inference.options(), type, OutputMode.UNORDERED, true, null);
  }

  static <T> InferenceHarness<T> restore(
      AsyncInference<T> inference, TypeInformation<T> type, OperatorSubtaskState state)
      throws Exception {
    return new InferenceHarness<>(inference.options(), type, OutputMode.UNORDERED, false, state);
  }

  void process(T document) throws Exception {
    operator.processElement(new StreamRecord<>(document, 0));
  }

  void processReused(StreamRecord<T> reused) throws Exception {
    operator.processElement(reused);
  }

  void watermark(long timestamp) throws Exception {
    operator.processWatermark(new Watermark(timestamp));
  }

  OperatorSubtaskState snapshot() throws Exception {
    return operator.snapshot(1, 1);
  }

  /** Moves the clock; timers that are due run, on this thread. */
  void advance(Duration by) throws Exception {
    clock.now = clock.now.plus(by);
    operator.setProcessingTime(operator.getProcessingTime() + by.toMillis());
  }

  /** Runs what other threads have handed to the task's thread so far. */
  void runMails() throws Exception {
    Optional<Mail> mail = operator.getTaskMailbox().tryTake(TaskMailbox.MIN_PRIORITY);
    while (mail.isPresent()) {
      mail.get().run();
      mail = operator.getTaskMailbox().tryTake(TaskMailbox.MIN_PRIORITY);
    }
  }

  /** Waits until that many documents have come out, and gives them in that order. */
  List<Inferred<T, Outcome>> awaitOutput(int documents) {
    await()
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              runMails();
              assertThat(output()).hasSizeGreaterThanOrEqualTo(documents);
            });
    return output();
  }

  List<Inferred<T, Outcome>> output() {
    return operator.extractOutputValues();
  }

  List<Watermark> watermarks() {
    return operator.getOutput().stream()
        .filter(Watermark.class::isInstance)
        .map(Watermark.class::cast)
        .toList();
  }

  void clearOutput() {
    operator.getOutput().clear();
  }

  @Override
  public void close() {
    try {
      operator.close();
    } catch (Exception e) {
      throw new IllegalStateException("operator did not close", e);
    }
  }

  private static final class SteppingClock extends Clock {

    private volatile Instant now = Instant.EPOCH;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
