package io.kaiseki.inference.llamacpp.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Fetches packages with npm, as a child process, so that the user's own settings count: registry,
 * proxy, certificates and credentials. Runs no script of a package.
 */
public final class NpmClient {

  private static final Duration PATIENCE = Duration.ofMinutes(15);

  /** Most characters of npm's own words that an error repeats. */
  private static final int WORDS = 600;

  private final String command;

  public NpmClient() {
    this(
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("win")
            ? "npm.cmd"
            : "npm");
  }

  NpmClient(String command) {
    this.command = command;
  }

  /**
   * Fetches the package of a build. What npm brings is not trusted: it has to pass the installer.
   *
   * @param directory where to put it; should be empty
   * @return the package
   * @throws BuildRefusedException if npm is missing or fails; with its own words
   */
  public Path fetch(PinnedBuild build, Path directory) throws IOException, InterruptedException {
    String wanted = build.npmPackage() + "@" + build.npmVersion();
    Path words = directory.resolve("npm.txt");
    Process npm;
    try {
      npm =
          new ProcessBuilder(
                  command,
                  "pack",
                  wanted,
                  "--ignore-scripts",
                  "--pack-destination",
                  directory.toString())
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(words.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
    } catch (IOException e) {
      throw new BuildRefusedException(
          "npm is not on the PATH ("
              + e.getMessage()
              + "); install Node.js with npm, or fetch "
              + wanted
              + " elsewhere with 'npm pack "
              + wanted
              + "' and pass the file with --from FILE.tgz",
          e);
    }
    try {
      if (!npm.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new BuildRefusedException(
            "npm has not fetched " + wanted + " within " + PATIENCE.toMinutes() + " minutes");
      }
    } finally {
      npm.destroyForcibly();
    }
    if (npm.exitValue() != 0) {
      throw new BuildRefusedException(
          "npm could not fetch "
              + wanted
              + " (exit code "
              + npm.exitValue()
              + "): "
              + tail(words)
              + "; check npm's registry and proxy ('npm config list'), or pass the file with --from"
              + " FILE.tgz");
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> packages = files.filter(file -> file.toString().endsWith(".tgz")).toList();
      if (packages.size() != 1) {
        throw new BuildRefusedException(
            "npm says that it has fetched " + wanted + ", but left no package: " + tail(words));
      }
      return packages.get(0);
    }
  }

  private static String tail(Path words) throws IOException {
    String all = new String(Files.readAllBytes(words), StandardCharsets.UTF_8).strip();
    String end = all.substring(Math.max(0, all.length() - WORDS));
    return String.join(
        " | ", end.lines().map(String::strip).filter(line -> !line.isEmpty()).toList());
  }
}
