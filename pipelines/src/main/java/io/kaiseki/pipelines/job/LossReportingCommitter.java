package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.KafkaSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when records of a complete checkpoint are lost. The broker gives up a transaction that
 * nobody ends within {@code job.transaction-timeout}; if the job was away for longer amid a commit,
 * its checkpoint says that the documents are done, and their results are gone. The connector then
 * logs that the transaction is fenced and goes on, as it also does where the transaction was
 * committed before, which is harmless and far more common. So the broker is asked which of the two
 * it was.
 *
 * <p>Brokers forget transactions after {@code transactional.id.expiration.ms}, a week by default. A
 * checkpoint that is older must not fail the job, since it would at every restart; what became of
 * its transactions nobody knows any more.
 */
final class LossReportingCommitter implements Committer<KafkaCommittable> {

  private static final Logger LOG = LoggerFactory.getLogger(LossReportingCommitter.class);
  private static final long LIMIT_SECONDS = 30;

  private final Committer<KafkaCommittable> committer;
  private final KafkaSettings kafka;
  private final String remedy;
  private final Counter lost;

  LossReportingCommitter(
      Committer<KafkaCommittable> committer, KafkaSettings kafka, String remedy, Counter lost) {
    this.committer = committer;
    this.kafka = kafka;
    this.remedy = remedy;
    this.lost = lost;
  }

  @Override
  public void commit(Collection<CommitRequest<KafkaCommittable>> requests)
      throws IOException, InterruptedException {
    List<String> refused = new ArrayList<>();
    List<String> forgotten = new ArrayList<>();
    List<CommitRequest<KafkaCommittable>> heard = new ArrayList<>();
    for (CommitRequest<KafkaCommittable> request : requests) {
      heard.add(new HeardRequest(request, refused, forgotten));
    }
    committer.commit(heard);
    forgotten.forEach(this::tellForgotten);
    if (!refused.isEmpty()) {
      try (Admin admin = Admin.create(kafka.properties())) {
        for (String transaction : refused) {
          judge(transaction, admin);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      committer.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the committer could not be closed", e);
    }
  }

  private void judge(String transaction, Admin admin) throws InterruptedException {
    TransactionState state;
    try {
      state =
          admin
              .describeTransactions(List.of(transaction))
              .description(transaction)
              .get(LIMIT_SECONDS, TimeUnit.SECONDS)
              .state();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TransactionalIdNotFoundException) {
        tellForgotten(transaction);
      } else {
        LOG.warn("event=commit-unknown transaction={}: {}", transaction, e.getMessage(), e);
      }
      return;
    } catch (TimeoutException e) {
      LOG.warn("event=commit-unknown transaction={}: the broker does not answer", transaction, e);
      return;
    }
    switch (state) {
      case COMPLETE_COMMIT, PREPARE_COMMIT ->
          LOG.info("event=committed-before transaction={} state={}", transaction, state);
      default -> {
        lost.inc();
        LOG.error(
            "event=results-lost transaction={} state={}: the job was away longer than"
                + " job.transaction-timeout amid a commit, so the broker has given up what a"
                + " checkpoint counts as done. {}",
            transaction,
            state,
            remedy);
      }
    }
  }

  private void tellForgotten(String transaction) {
    LOG.warn(
        "event=commit-forgotten transaction={}: the broker has forgotten it, as it does after"
            + " transactional.id.expiration.ms, so it can't tell whether the results were committed"
            + " before. If some are missing: {}",
        transaction,
        remedy);
  }

  /** Hears what becomes of a request on its way to Flink. */
  private record HeardRequest(
      CommitRequest<KafkaCommittable> request, List<String> refused, List<String> forgotten)
      implements CommitRequest<KafkaCommittable> {

    @Override
    public KafkaCommittable getCommittable() {
      return request.getCommittable();
    }

    @Override
    public int getNumberOfRetries() {
      return request.getNumberOfRetries();
    }

    @Override
    public void signalFailedWithKnownReason(Throwable reason) {
      refused.add(getCommittable().getTransactionalId());
      request.signalFailedWithKnownReason(reason);
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable reason) {
      // The connector has no case for it and would fail the task.
      if (ExceptionUtils.findThrowable(reason, InvalidPidMappingException.class).isPresent()) {
        forgotten.add(getCommittable().getTransactionalId());
        request.signalFailedWithKnownReason(reason);
      } else {
        request.signalFailedWithUnknownReason(reason);
      }
    }

    @Override
    public void retryLater() {
      request.retryLater();
    }

    @Override
    public void updateAndRetryLater(KafkaCommittable committable) {
      request.updateAndRetryLater(committable);
    }

    @Override
    public void signalAlreadyCommitted() {
      request.signalAlreadyCommitted();
    }
  }
}
