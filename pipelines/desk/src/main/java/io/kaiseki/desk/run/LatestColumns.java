package io.kaiseki.desk.run;

import io.kaiseki.desk.model.Columns;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistryRefusedException;
import io.kaiseki.schemas.registry.RegistryUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The columns by the newest schema of the results topic, looked up again now and then. While the
 * registry does not answer, they stay as they were, and nobody but the one who asks it waits. Safe
 * for use by many threads.
 */
final class LatestColumns implements Supplier<Columns> {

  private static final Logger LOG = LoggerFactory.getLogger(LatestColumns.class);
  private static final Duration HOLDS = Duration.ofSeconds(15);

  private final RegisteredSchemas schemas;
  private final String subject;
  private final LongSupplier nanos;
  private final Lock refreshing = new ReentrantLock();
  private volatile Columns columns = new Columns("", "", List.of());
  private volatile long until;

  LatestColumns(RegisteredSchemas schemas, String subject) {
    this(schemas, subject, System::nanoTime);
  }

  /**
   * @param nanos a clock of which only differences matter, such as {@link System#nanoTime}
   */
  LatestColumns(RegisteredSchemas schemas, String subject, LongSupplier nanos) {
    this.schemas = schemas;
    this.subject = subject;
    this.nanos = nanos;
    this.until = nanos.getAsLong();
  }

  @Override
  public Columns get() {
    refresh();
    return columns;
  }

  /** Asks the registry, if it is time to and nobody else is asking. */
  void refresh() {
    if (!isDue() || !refreshing.tryLock()) {
      return;
    }
    try {
      if (isDue()) {
        ask();
      }
    } finally {
      refreshing.unlock();
    }
  }

  private boolean isDue() {
    return nanos.getAsLong() - until >= 0;
  }

  private void ask() {
    try {
      schemas.latest(subject).map(Columns::ofEnvelope).ifPresent(found -> columns = found);
    } catch (RegistryUnavailableException | RegistryRefusedException | IllegalArgumentException e) {
      LOG.warn("columns not refreshed subject={} cause={}", subject, e.getMessage());
    }
    // Before the first result there is no schema, and soon there may be one.
    boolean none = columns.all().isEmpty();
    // From the end of the attempt: one that takes longer than it holds would follow on the last.
    until = nanos.getAsLong() + (none ? Duration.ofSeconds(1) : HOLDS).toNanos();
  }
}
