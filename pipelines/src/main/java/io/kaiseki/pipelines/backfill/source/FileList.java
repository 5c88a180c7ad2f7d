package io.kaiseki.pipelines.backfill.source;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.pipelines.backfill.archive.ArchiveFile;
import io.kaiseki.pipelines.backfill.archive.Format;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.flink.core.fs.FileSystem;

/**
 * The files of an archive as a run found them, a JSON array on each line: id, format, path. It lies
 * beside the run's checkpoints, on any file system that Flink knows.
 */
public final class FileList {

  private static final JsonMapper JSON = new JsonMapper();

  private FileList() {}

  /** Writes a list; whatever is at its address is replaced. */
  public static final class Writer implements Closeable {

    private final BufferedWriter out;

    public Writer(String address) throws IOException {
      org.apache.flink.core.fs.Path path = new org.apache.flink.core.fs.Path(address);
      out =
          new BufferedWriter(
              new OutputStreamWriter(
                  FileSystem.get(path.toUri()).create(path, FileSystem.WriteMode.OVERWRITE),
                  StandardCharsets.UTF_8));
    }

    public void add(ArchiveFile file) throws IOException {
      out.write(
          JSON.writeValueAsString(
              new String[] {
                file.id(), file.format().word(), file.path().toAbsolutePath().toString()
              }));
      out.write('\n');
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /** Reads a list from its beginning. */
  static final class Reader implements Closeable {

    private final BufferedReader in;

    Reader(String address) throws IOException {
      org.apache.flink.core.fs.Path path = new org.apache.flink.core.fs.Path(address);
      in =
          new BufferedReader(
              new InputStreamReader(
                  FileSystem.get(path.toUri()).open(path), StandardCharsets.UTF_8));
    }

    /** Passes over so many files. */
    void skip(long count) throws IOException {
      for (long left = count; left > 0; left--) {
        in.readLine();
      }
    }

    Optional<ArchiveFile> next() throws IOException {
      String line = in.readLine();
      if (line == null) {
        return Optional.empty();
      }
      String[] parts = JSON.readValue(line, String[].class);
      return Optional.of(
          new ArchiveFile(Path.of(parts[2]), parts[0], Format.named(parts[1]).orElseThrow()));
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
