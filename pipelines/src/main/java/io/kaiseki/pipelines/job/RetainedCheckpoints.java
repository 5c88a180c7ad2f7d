package io.kaiseki.pipelines.job;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * The checkpoints and savepoints that earlier runs of a job left behind, on any file system that
 * Flink knows. Below the job's directory, Flink keeps one directory for each run, and in it one for
 * each checkpoint; savepoints lie in one directory of their own beside them. They count, because a
 * job that was stopped with one has left nothing else: whoever went on without it would lose the
 * documents that were in flight.
 */
public final class RetainedCheckpoints {

  private static final String CHECKPOINT_PREFIX = "chk-";
  private static final String SAVEPOINT_PREFIX = "savepoint-";

  /** Written last: a checkpoint without it is not complete. */
  private static final String METADATA = "_metadata";

  private RetainedCheckpoints() {}

  /** The directory of a job below the one that all jobs share. */
  public static String directory(String checkpoints, String job) {
    return checkpoints.endsWith("/") ? checkpoints + job : checkpoints + "/" + job;
  }

  /** Where the savepoints of a job are looked for. */
  public static String savepoints(String checkpoints, String job) {
    return directory(checkpoints, job) + "/savepoints";
  }

  /** Whether an address is that of a checkpoint, and not of a savepoint, by its name. */
  static boolean isCheckpoint(String address) {
    return new Path(address).getName().startsWith(CHECKPOINT_PREFIX);
  }

  /** Whether there is anything at an address; what this machine can't see counts as missing. */
  public static boolean isVisible(String directory) {
    try {
      Path path = new Path(directory);
      return FileSystem.get(path.toUri()).exists(path);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The newest complete checkpoint or savepoint.
   *
   * @param directory the job's own directory
   * @return its address, as Flink takes it to restore from; empty where there is none
   */
  public static Optional<String> latest(String directory) throws IOException {
    Path root = new Path(directory);
    return latest(FileSystem.get(root.toUri()), root);
  }

  /** As {@link #latest(String)}, while the job may go on and give up its older checkpoints. */
  static Optional<String> latest(FileSystem files, Path root) throws IOException {
    List<FileStatus> complete = new ArrayList<>();
    for (Path run : directories(files, root)) {
      for (Path checkpoint : directories(files, run)) {
        String name = checkpoint.getName();
        boolean named = name.startsWith(CHECKPOINT_PREFIX) || name.startsWith(SAVEPOINT_PREFIX);
        if (named) {
          metadata(files, checkpoint).ifPresent(complete::add);
        }
      }
    }
    return complete.stream()
        .max(Comparator.comparingLong(FileStatus::getModificationTime))
        .map(status -> status.getPath().getParent().toString());
  }

  /** Empty where it is not written yet, or not there any more. */
  private static Optional<FileStatus> metadata(FileSystem files, Path checkpoint)
      throws IOException {
    try {
      return Optional.of(files.getFileStatus(new Path(checkpoint, METADATA)));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** The directories in a directory; none where that is missing. */
  public static List<Path> directories(FileSystem files, Path parent) throws IOException {
    List<Path> found = new ArrayList<>();
    FileStatus[] statuses;
    try {
      statuses = files.listStatus(parent);
    } catch (FileNotFoundException e) {
      return found;
    }
    // Some file systems answer null for a directory that is not there.
    if (statuses != null) {
      for (FileStatus status : statuses) {
        if (status.isDir()) {
          found.add(status.getPath());
        }
      }
    }
    return found;
  }
}
