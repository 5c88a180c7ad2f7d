package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.cli.CommandFixture;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.job.FailureIsFinal;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.pipelines.job.TinyModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job dies when a checkpoint is complete and its transactions are not committed yet, and is
 * away until the broker has given them up. Their results are lost to it, since the checkpoint says
 * that these documents are done. The broker is told to give them up; in the profile faults it is
 * waited for.
 */
@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
class LongOutageIT {

  private static final int DOCUMENTS = 20;

  /** None: the broker is not waited for. */
  private static final int TIMEOUT_SECONDS = Integer.getInteger("kaiseki.faults.timeout", 0);

  @TempDir Path directory;

  private final Ledger ledger = new Ledger();
  private CommitGate gate;
  private JobFixture job;
  private Process process;
  private Path checkpoints;
  private Path log;
  private int starts;

  @BeforeEach
  void topics() throws IOException {
    checkpoints = directory.resolve("checkpoints");
    gate = new CommitGate(ServicesExtension.kafka().bootstrapServers());
    job = new JobFixture(ServicesExtension.kafka(), ServicesExtension.registry(), checkpoints);
  }

  @AfterEach
  void end() throws IOException {
    if (process != null) {
      process.destroyForcibly();
    }
    job.close();
    gate.close();
  }

  @Test
  void an_outage_longer_than_the_transaction_timeout_is_told_and_a_backfill_repairs_it()
      throws Exception {
    start();
    send();
    await(() -> job.outcomes.size() == ledger.size());
    send();
    gate.holdNextCommit(CommitGate.Side.BEFORE_THE_BROKER).get(5, TimeUnit.MINUTES);
    process.destroyForcibly().waitFor();
    giveTransactionsUp();

    start();
    Set<String> fresh = send();
    await(() -> log().contains("event=results-lost"));
    // Once these are committed, the job has no open transaction that readers would wait for.
    await(() -> outcomesOf(fresh) == fresh.size());
    process.destroy();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    process = null;
    job.readToEnd();

    assertThat(job.outcomes).as("some have none").hasSizeLessThan(ledger.size());
    CommandFixture repair = backfill();
    assertThat(repair.exitCode()).as(repair.err() + repair.out()).isZero();
    await(() -> job.outcomes.size() >= ledger.size());
    job.readToEnd();
    ledger.assertSettledBy(job.outcomes);
    assertThat(job.outcomes).allMatch(Received.Answered.class::isInstance);
  }

  private void start() throws IOException {
    log = Path.of("target", "long-outage-" + ++starts + ".log");
    List<String> options =
        TIMEOUT_SECONDS == 0
            ? List.of()
            : List.of("-D" + KilledJob.TRANSACTION_TIMEOUT + "=" + TIMEOUT_SECONDS * 1_000);
    process =
        KilledJob.start(
            List.of(),
            KilledJob.Main.class,
            options,
            job.settings,
            gate.bootstrapServers(),
            checkpoints,
            log);
  }

  private CommandFixture backfill() {
    List<String> arguments = new ArrayList<>(job.commandLine("backfill", TinyModel.file()));
    arguments.add("--from=topic:" + job.definition.topics().documents());
    return CommandFixture.run(arguments.toArray(String[]::new));
  }

  private void giveTransactionsUp() throws Exception {
    try (Admin admin = Admin.create(ServicesExtension.kafka().properties())) {
      if (TIMEOUT_SECONDS == 0) {
        admin.fenceProducers(openTransactions(admin)).all().get();
      }
      // The broker looks every ten seconds for those whose time is over.
      Awaitility.await()
          .atMost(Duration.ofMinutes(5))
          .until(() -> openTransactions(admin).isEmpty());
    }
  }

  private List<String> openTransactions(Admin admin) throws Exception {
    return admin
        .listTransactions(
            new ListTransactionsOptions()
                .filterStates(
                    List.of(
                        TransactionState.ONGOING,
                        TransactionState.PREPARE_COMMIT,
                        TransactionState.PREPARE_ABORT)))
        .all()
        .get()
        .stream()
        .map(TransactionListing::transactionalId)
        .filter(id -> id.startsWith(job.settings.name()))
        .toList();
  }

  /** Where in the documents topic they lie. */
  private Set<String> send() {
    Set<String> sent = new HashSet<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      String id = "d" + ledger.size();
      RecordMetadata record = job.send(id, job.encode(id, "Order " + i, "It has not arrived."));
      ledger.document(record, id);
      sent.add(Ledger.coordinates(record));
    }
    return sent;
  }

  private long outcomesOf(Set<String> documents) {
    return job.outcomes.stream().map(Received::source).filter(documents::contains).count();
  }

  private String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void await(BooleanSupplier condition) {
    Awaitility.await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofMinutes(5))
        .until(
            () -> {
              assertThat(process == null || process.isAlive()).as("see %s", log).isTrue();
              job.poll(Duration.ofMillis(100));
              return condition.getAsBoolean();
            });
  }
}
