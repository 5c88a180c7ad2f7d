package io.kaiseki.pipelines.faults;

import java.nio.file.Path;

/** What runs in the process: the product's own job on an engine that a document can crash. */
public final class CrashingJob {

  private CrashingJob() {}

  public static void main(String[] arguments) {
    KilledJob.Main.run(
        arguments, new CrashingEngine(TinyEngine.source(Path.of(arguments[4])), arguments[4]));
  }
}
