package io.kaiseki.pipelines.faults;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.deadletters.LetterFilter;
import io.kaiseki.pipelines.deadletters.LetterTopic;
import io.kaiseki.pipelines.deadletters.RedriveListener;
import io.kaiseki.pipelines.deadletters.RedriveRequest;
import io.kaiseki.pipelines.deadletters.Redriver;
import io.kaiseki.pipelines.embedded.Lifeline;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;

/** A redrive in a process of its own that waits to be killed with a transaction open. */
public final class KilledRedrive {

  /** What it prints when all records of the transaction are with the broker. */
  static final String HOLDS = "holds a transaction";

  private KilledRedrive() {}

  /**
   * Starts the process; it ends with this one.
   *
   * @param batch letters of a transaction
   * @param transaction the one that it holds open, from 1 on
   */
  static Process start(
      String bootstrapServers,
      String registry,
      String deadLetters,
      int batch,
      int transaction,
      Path log)
      throws IOException {
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            KilledJob.classPath(),
            Lifeline.class.getName(),
            KilledRedrive.class.getName(),
            bootstrapServers,
            registry,
            deadLetters,
            String.valueOf(batch),
            String.valueOf(transaction));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** What runs in the process: the product's own redrive, up to one of its commits. */
  public static void main(String[] arguments) {
    KafkaSettings kafka = KafkaSettings.plain(arguments[0]);
    int held = Integer.parseInt(arguments[4]);
    Redriver.run(
        kafka,
        RegistrySettings.of(arguments[1]),
        LetterTopic.find(kafka, arguments[2]).withLog(kafka),
        new RedriveRequest(
            LetterFilter.all(),
            Optional.empty(),
            OptionalLong.empty(),
            RedriveRequest.DEFAULT_MAX_ATTEMPTS,
            false,
            Integer.parseInt(arguments[3])),
        new RedriveListener() {
          private int transactions;

          @Override
          public void read(long done, long total) {}

          @Override
          public void committing(int letters) {
            if (++transactions == held) {
              System.out.println(HOLDS);
              waitToBeKilled();
            }
          }
        });
  }

  private static void waitToBeKilled() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
