package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.ValueForm;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.flink.util.FlinkException;

/**
 * How old the oldest transaction may be that the next complete checkpoint commits. A checkpoint
 * that fails leaves its transactions to the next one. If that comes later than {@code
 * job.transaction-timeout}, the broker has given up what it counts as done, and no recovery brings
 * it back; a task that fails before loses nothing, since the documents are repeated.
 *
 * <p>Barriers are where the sinks open transactions, so time is taken there, and a transaction is
 * never older than this says. It is of one task and its thread.
 */
final class TransactionAge {

  private final DeliverySettings delivery;
  private final LongSupplier nanoTime;

  /** When the barriers came whose checkpoints are not complete, by checkpoint. */
  private final NavigableMap<Long, Long> barriers = new TreeMap<>();

  private long oldestNanos;

  /** Begins with the task, which has no transaction open then. */
  TransactionAge(DeliverySettings delivery, LongSupplier nanoTime) {
    this.delivery = delivery;
    this.nanoTime = nanoTime;
    this.oldestNanos = nanoTime.getAsLong();
  }

  /**
   * A barrier is about to go to the sinks.
   *
   * @throws FlinkException if its checkpoint could be complete too late for what it commits
   */
  void barrier(long checkpoint) throws FlinkException {
    long now = nanoTime.getAsLong();
    Duration age = Duration.ofNanos(now - oldestNanos);
    if (delivery.guarantee() == DeliverySettings.Guarantee.EXACTLY_ONCE
        && age.compareTo(limit()) > 0) {
      throw new FlinkException(
          "no checkpoint that began in the last "
              + ValueForm.show(Duration.ofSeconds(age.toSeconds()))
              + " is complete, so the broker could give up what the next one counts as done"
              + " (job.transaction-timeout = "
              + ValueForm.show(delivery.transactionTimeout())
              + ", job.checkpoint-timeout = "
              + ValueForm.show(delivery.checkpointTimeout())
              + "); a restart from the last complete one repeats the documents since then");
    }
    barriers.put(checkpoint, now);
  }

  /** What was written before this checkpoint's barrier is committed. */
  void complete(long checkpoint) {
    Map.Entry<Long, Long> barrier = barriers.floorEntry(checkpoint);
    if (barrier != null) {
      oldestNanos = barrier.getValue();
      barriers.headMap(checkpoint, true).clear();
    }
  }

  /**
   * A checkpoint has its timeout left from its barrier on. As long as one that is complete may have
   * taken by itself is never too long, or a job whose checkpoints are slow would not get on.
   */
  private Duration limit() {
    Duration timeout = delivery.checkpointTimeout();
    Duration left = delivery.transactionTimeout().minus(timeout);
    return left.compareTo(timeout) > 0 ? left : timeout;
  }
}
