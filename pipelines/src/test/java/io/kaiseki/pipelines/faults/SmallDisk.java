package io.kaiseki.pipelines.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system in memory that is soon full (tmpfs), mounted in name spaces of its own, which need
 * no rights on most machines. A process holds it; others are started within.
 */
final class SmallDisk implements AutoCloseable {

  private static final String MOUNT =
      "mount -t tmpfs -o size=%dm,mode=0777 tmpfs '%s' && echo mounted && exec cat";

  private final Path directory;
  private final Process holder;

  private SmallDisk(Path directory, Process holder) {
    this.directory = directory;
    this.holder = holder;
  }

  /**
   * Mounts one.
   *
   * @param directory an empty directory; outside of the name spaces it stays one
   * @throws IOException if this machine does not let its users mount anything
   */
  static SmallDisk mount(Path directory, int mebibytes) throws IOException {
    Process holder =
        new ProcessBuilder(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                MOUNT.formatted(mebibytes, directory))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String line =
        new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    if (!"mounted".equals(line)) {
      holder.destroyForcibly();
      throw new IOException("nothing can be mounted here");
    }
    return new SmallDisk(directory, holder);
  }

  /** The start of a command that runs within. */
  List<String> within() {
    return List.of(
        "nsenter",
        "--user",
        "--mount",
        "--preserve-credentials",
        "--wd",
        "--target",
        String.valueOf(holder.pid()));
  }

  /** Takes all the space that is left. */
  void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(filler())) {
      byte[] page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) {
        throw e;
      }
    }
  }

  /** Gives the space back. */
  void free() throws IOException {
    Files.delete(filler());
  }

  /** Where a file or directory within is seen by processes that are not. */
  Path seenFromOutside(Path within) {
    return Path.of("/proc", String.valueOf(holder.pid()), "root", within.toString());
  }

  @Override
  public void close() {
    holder.destroyForcibly();
  }

  private Path filler() {
    return seenFromOutside(directory.resolve("filler"));
  }
}
