package io.kaiseki.pipelines.backfill.done;

import io.kaiseki.pipelines.config.KafkaSettings;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions that a process has left open when it was killed, and that nobody will commit. The
 * broker would keep them until their time is over, and whoever reads the topic would wait for that.
 */
public final class LeftTransactions {

  private static final Logger LOG = LoggerFactory.getLogger(LeftTransactions.class);

  private LeftTransactions() {}

  /**
   * Gives up those of a job, if there are any. Where that is not allowed, they stay.
   *
   * @param prefix what the job's transactional ids begin with, before subtask and number
   */
  public static void giveUp(KafkaSettings kafka, String prefix) throws InterruptedException {
    Pattern own = Pattern.compile(Pattern.quote(prefix) + "-[0-9]+-[0-9]+");
    try (Admin admin = Admin.create(kafka.properties())) {
      List<String> left =
          admin
              .listTransactions(
                  new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING)))
              .all()
              .get()
              .stream()
              .map(TransactionListing::transactionalId)
              .filter(id -> own.matcher(id).matches())
              .toList();
      if (!left.isEmpty()) {
        admin.fenceProducers(left).all().get();
        LOG.info("event=transactions-given-up ids={}", left);
      }
    } catch (ExecutionException e) {
      LOG.warn("event=transactions-left-open prefix={} reason={}", prefix, e.getCause());
    }
  }
}
