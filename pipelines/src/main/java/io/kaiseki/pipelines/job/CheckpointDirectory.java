package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;

/**
 * Where a job will write its checkpoints.
 *
 * @param address the directory, as an address of a file system that Flink knows
 */
record CheckpointDirectory(String address) {

  private static final String KEY = "job.checkpoints";

  /** Makes it, unless it is there; what stands in the way becomes a problem. */
  void make(Collection<ConfigurationProblem> problems) {
    check(FileSystem::mkdirs, problems);
  }

  /** Tells whether a job could make it, or write to it where it is there, and changes nothing. */
  void probe(Collection<ConfigurationProblem> problems) {
    check(CheckpointDirectory::canBeMade, problems);
  }

  private void check(Step step, Collection<ConfigurationProblem> problems) {
    try {
      Path path = new Path(address);
      if (!step.succeeds(FileSystem.get(path.toUri()), path)) {
        problem("can't be created; choose a directory to write to", problems);
      }
    } catch (UnsupportedFileSystemSchemeException e) {
      problem(
          "no file system for this scheme; put Flink's plugin for it on the class path", problems);
    } catch (IOException | IllegalArgumentException e) {
      problem("can't be written: " + e.getMessage(), problems);
    }
  }

  private static boolean canBeMade(FileSystem files, Path directory) throws IOException {
    if (files.isDistributedFS()) {
      // That it answers is what can be told: an object store has no directories above this one.
      return !files.exists(directory) || files.getFileStatus(directory).isDir();
    }
    java.nio.file.Path nearest = java.nio.file.Path.of(directory.getPath());
    while (!Files.exists(nearest) && nearest.getParent() != null) {
      nearest = nearest.getParent();
    }
    return Files.isDirectory(nearest) && Files.isWritable(nearest);
  }

  private void problem(String remedy, Collection<ConfigurationProblem> problems) {
    problems.add(new ConfigurationProblem(KEY, address, remedy));
  }

  /** One way to find out. */
  @FunctionalInterface
  private interface Step {
    boolean succeeds(FileSystem files, Path directory) throws IOException;
  }
}
