package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.config.KafkaSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.Committer.CommitRequest;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.junit.jupiter.api.Test;

class LossReportingCommitterTest {

  private final SimpleCounter lost = new SimpleCounter();

  @Test
  void a_transaction_that_the_broker_has_forgotten_does_not_fail_the_job_at_every_restart()
      throws Exception {
    Signals plain = commit(new InvalidPidMappingException("no such producer"));
    Signals wrapped =
        commit(new KafkaException(new InvalidPidMappingException("no such producer")));

    assertThat(plain.heard).containsExactly("known");
    assertThat(wrapped.heard).containsExactly("known");
    assertThat(lost.getCount()).as("nobody knows that it is lost").isZero();
  }

  @Test
  void what_else_is_unknown_still_fails_the_task() throws Exception {
    assertThat(commit(new KafkaException("out of order")).heard).containsExactly("unknown");
  }

  /** Of a transaction whose commit the connector can't explain. */
  private Signals commit(RuntimeException refusal) throws Exception {
    Signals signals = new Signals();
    try (var committer =
        new LossReportingCommitter(
            new Refusing(refusal), KafkaSettings.plain("127.0.0.1:1"), "Repair it.", lost)) {
      committer.commit(List.of(signals));
    }
    return signals;
  }

  private record Refusing(RuntimeException refusal) implements Committer<KafkaCommittable> {

    @Override
    public void commit(Collection<CommitRequest<KafkaCommittable>> requests) {
      requests.forEach(request -> request.signalFailedWithUnknownReason(refusal));
    }

    @Override
    public void close() {}
  }

  /** What Flink hears of a request. */
  private static final class Signals implements CommitRequest<KafkaCommittable> {

    private final List<String> heard = new ArrayList<>();

    @Override
    public KafkaCommittable getCommittable() {
      return new KafkaCommittable(1, (short) 0, "letters-results-0-1", null);
    }

    @Override
    public int getNumberOfRetries() {
      return 0;
    }

    @Override
    public void signalFailedWithKnownReason(Throwable reason) {
      heard.add("known");
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable reason) {
      heard.add("unknown");
    }

    @Override
    public void retryLater() {
      heard.add("retry");
    }

    @Override
    public void updateAndRetryLater(KafkaCommittable committable) {
      heard.add("retry");
    }

    @Override
    public void signalAlreadyCommitted() {
      heard.add("committed");
    }
  }
}
