package io.kaiseki.desk.run;

import io.kaiseki.desk.model.Columns;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistryRefusedException;
import io.kaiseki.schemas.registry.RegistryUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The columns by the newest schema of the results topic, looked up again now and then. While the
 * registry does not answer, they stay as they were. Safe for use by many threads.
 */
final class LatestColumns implements Supplier<Columns> {

  private static final Logger LOG = LoggerFactory.getLogger(LatestColumns.class);
  private static final Duration HOLDS = Duration.ofSeconds(15);

  private final RegisteredSchemas schemas;
  private final String subject;
  private volatile Columns columns = new Columns("", "", List.of());
  private long until = System.nanoTime();

  LatestColumns(RegisteredSchemas schemas, String subject) {
    this.schemas = schemas;
    this.subject = subject;
  }

  @Override
  public Columns get() {
    refresh();
    return columns;
  }

  private synchronized void refresh() {
    long now = System.nanoTime();
    if (now - until < 0) {
      return;
    }
    try {
      schemas.latest(subject).map(Columns::ofEnvelope).ifPresent(found -> columns = found);
    } catch (RegistryUnavailableException | RegistryRefusedException | IllegalArgumentException e) {
      LOG.warn("columns not refreshed subject={} cause={}", subject, e.getMessage());
    }
    // Before the first result there is no schema, and soon there may be one.
    boolean none = columns.all().isEmpty();
    until = now + (none ? Duration.ofSeconds(1) : HOLDS).toNanos();
  }
}
