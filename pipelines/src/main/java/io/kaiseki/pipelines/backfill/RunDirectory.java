package io.kaiseki.pipelines.backfill;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.pipelines.job.DirectoryLock;
import io.kaiseki.pipelines.job.RetainedCheckpoints;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Where a run keeps what it needs to go on: below its checkpoints' directory, beside the
 * checkpoints themselves. On a local file system it is locked, so that a run is in one process
 * only; the system drops the lock of a process that dies.
 */
public final class RunDirectory implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String OWN = "run";
  private static final String LOCK = OWN + ".lock";
  private static final String RECORD = "run.json";
  private static final String PROGRESS = "progress.json";
  private static final String LIST = "files.jsonl";

  private final Path root;
  private final Path own;
  private final FileSystem files;
  private final DirectoryLock lock;
  private boolean finished;

  private RunDirectory(Path root, FileSystem files, DirectoryLock lock) {
    this.root = root;
    this.own = new Path(root, OWN);
    this.files = files;
    this.lock = lock;
  }

  /**
   * Whether the directory of that name is in use, but not by a run: what a streaming job goes on
   * from would be taken for what an earlier run has left.
   */
  public static boolean isOfAnotherJob(String checkpoints, String run) throws IOException {
    Path root = new Path(RetainedCheckpoints.directory(checkpoints, run));
    FileSystem files = FileSystem.get(root.toUri());
    return !RetainedCheckpoints.directories(files, root).isEmpty()
        && !files.exists(new Path(root, OWN))
        && !files.exists(new Path(root, LOCK));
  }

  /**
   * Opens the directory of a run, and makes it.
   *
   * @param checkpoints address of the directory that all jobs share
   * @param run name of the run
   * @return empty if the run is in another process
   */
  public static Optional<RunDirectory> open(String checkpoints, String run) throws IOException {
    Path root = new Path(RetainedCheckpoints.directory(checkpoints, run));
    FileSystem files = FileSystem.get(root.toUri());
    files.mkdirs(new Path(root, OWN));
    return DirectoryLock.take(root, LOCK).map(lock -> new RunDirectory(root, files, lock));
  }

  /** What the run has begun with; empty where it has not begun. */
  Optional<RunRecord> record() throws IOException {
    return read(RECORD, RunRecord.class);
  }

  /** The run begins, once its {@link #list} is written. */
  void begin(RunRecord record) throws IOException {
    write(RECORD, record);
  }

  RunProgress progress() throws IOException {
    return read(PROGRESS, RunProgress.class).orElse(RunProgress.NONE);
  }

  void note(RunProgress progress) throws IOException {
    write(PROGRESS, progress);
  }

  /** Address of the list of files. */
  String list() {
    return new Path(own, LIST).toString();
  }

  /** The newest complete checkpoint of the run. */
  Optional<String> checkpoint() throws IOException {
    return RetainedCheckpoints.latest(root.toString());
  }

  /** Takes away whatever an earlier run has left, checkpoints among it. */
  void clear() throws IOException {
    List<Path> left = RetainedCheckpoints.directories(files, root);
    for (Path directory : left) {
      if (!directory.getName().equals(OWN)) {
        files.delete(directory, true);
      }
    }
    // Last, because it tells whose the others are.
    files.delete(own, true);
    files.mkdirs(own);
  }

  /** The run has ended; closing takes the directory away. */
  void finish() throws IOException {
    files.delete(new Path(own, RECORD), false);
    finished = true;
  }

  @Override
  public void close() throws IOException {
    if (finished) {
      clear();
    }
    lock.close();
    if (finished) {
      files.delete(root, true);
    }
  }

  private <T> Optional<T> read(String name, Class<T> type) throws IOException {
    try (InputStream in = files.open(new Path(own, name))) {
      return Optional.of(JSON.readValue(in, type));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Whole or not at all, as far as the file system renames so. */
  private void write(String name, Object value) throws IOException {
    Path target = new Path(own, name);
    Path written = new Path(own, name + ".new");
    try (OutputStream out = files.create(written, FileSystem.WriteMode.OVERWRITE)) {
      out.write(JSON.writeValueAsBytes(value));
    }
    if (!files.rename(written, target)) {
      files.delete(target, false);
      if (!files.rename(written, target)) {
        throw new IOException(target + " can't be written");
      }
    }
  }
}
