package io.kaiseki.inference.journal;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process with documents in native code, as its journal says, that lives until it is killed. */
public final class JournalProcess {

  private static final String READY = "ready";

  private JournalProcess() {}

  /** Starts one; returns once its documents are in. */
  static Process start(Path directory, boolean alone, Fingerprint... documents) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                JournalProcess.class.getName(),
                directory.toString(),
                String.valueOf(alone)));
    Arrays.stream(documents).map(Fingerprint::hex).forEach(command::add);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); !READY.equals(line); line = output.readLine()) {
      if (line == null) {
        throw new IOException("the process has ended");
      }
    }
    return process;
  }

  /** Starts one and kills it with SIGKILL. */
  static void dieWithin(Path directory, boolean alone, Fingerprint... documents) throws Exception {
    start(directory, alone, documents).destroyForcibly().waitFor(1, TimeUnit.MINUTES);
  }

  public static void main(String[] arguments) throws IOException {
    CrashJournal journal = CrashJournal.open(Path.of(arguments[0]));
    for (String hex : Arrays.asList(arguments).subList(2, arguments.length)) {
      journal.entry(new Fingerprint(hex), Boolean.parseBoolean(arguments[1])).enter();
    }
    System.out.println(READY);
    // Ends with its parent, should that not kill it.
    while (System.in.read() >= 0) {
      continue;
    }
    Runtime.getRuntime().halt(1);
  }
}
