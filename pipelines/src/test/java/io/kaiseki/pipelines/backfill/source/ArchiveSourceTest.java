package io.kaiseki.pipelines.backfill.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.backfill.archive.Archive;
import io.kaiseki.pipelines.backfill.archive.ReadOptions;
import io.kaiseki.pipelines.job.RawRecord;
import io.kaiseki.pipelines.job.Rejection;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.types.Either;
import org.apache.flink.types.StringValue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source under a runtime that takes a checkpoint wherever the test wants one. */
class ArchiveSourceTest {

  private static final List<String> ALL =
      List.of("1", "a.csv#2", "3", "b.txt", "c.txt", "d1", "d2");

  @TempDir Path directory;
  private ArchiveSource source;

  @BeforeEach
  void archive() throws IOException {
    Path archive = Files.createDirectory(directory.resolve("archive"));
    Files.writeString(archive.resolve("a.csv"), "id,text\n1,one\n2,two,too many\n3,three\n");
    Files.writeString(archive.resolve("b.txt"), "bee");
    Files.write(archive.resolve("c.txt"), new byte[] {(byte) 0xFF});
    Files.writeString(
        archive.resolve("d.jsonl"),
        "{\"id\": \"d1\", \"text\": \"x\"}\n{\"id\": \"d2\", \"text\": \"y\"}\n");
    Files.writeString(archive.resolve("e.jsonl"), "");
    String list = directory.resolve("files.jsonl").toUri().toString();
    try (FileList.Writer writer = new FileList.Writer(list)) {
      new Archive(List.of(archive), null).forEach(writer::add);
    }
    source = new ArchiveSource(list, ReadOptions.USUAL, 7);
  }

  @Test
  void every_entry_comes_once_in_the_order_of_the_list() throws Exception {
    Runtime runtime = new Runtime(ArchivePosition.START, List.of());

    runtime.runToEnd();

    assertThat(runtime.ids()).containsExactlyElementsOf(ALL);
  }

  @Test
  void readable_entries_are_records_of_the_wire_format_and_others_keep_their_bytes()
      throws Exception {
    Runtime runtime = new Runtime(ArchivePosition.START, List.of());
    runtime.runToEnd();

    RawRecord first = runtime.output.get(0).left();
    Rejection second = runtime.output.get(1).right();

    assertThat(first.topic()).isEqualTo("file:a.csv");
    assertThat(first.offset()).isEqualTo(1);
    assertThat(first.value()).startsWith(0, 0, 0, 0, 7);
    assertThat(second.source().value())
        .isEqualTo("2,two,too many".getBytes(StandardCharsets.UTF_8));
    assertThat(second.source().coordinates()).isEqualTo("file:a.csv-0@2");
    assertThat(second.message()).startsWith("a.csv: row 2 ");
  }

  @Test
  void from_a_checkpoint_at_any_point_the_rest_comes_and_nothing_twice() throws Exception {
    for (int emitted = 0; emitted <= ALL.size(); emitted++) {
      Runtime before = new Runtime(ArchivePosition.START, List.of());
      before.runUntil(emitted);
      List<ArchiveSplit> splits = copied(before.reader.snapshotState(1));
      ArchivePosition position = copied(before.enumerator.snapshotState(1));

      Runtime after = new Runtime(position, splits);
      after.runToEnd();

      List<String> both = new ArrayList<>(before.ids());
      both.addAll(after.ids());
      assertThat(both).as("checkpoint after %d entries", emitted).containsExactlyElementsOf(ALL);
    }
  }

  @Test
  void a_split_that_a_failed_reader_gives_back_is_handed_out_again() throws Exception {
    Runtime failed = new Runtime(ArchivePosition.START, List.of());
    failed.runUntil(2);
    List<ArchiveSplit> splits = failed.reader.snapshotState(1);
    failed.enumerator.addSplitsBack(splits, 0);
    ArchivePosition position = copied(failed.enumerator.snapshotState(2));

    Runtime after = new Runtime(position, List.of());
    after.runToEnd();

    assertThat(after.ids()).containsExactlyElementsOf(ALL.subList(2, ALL.size()));
  }

  @Test
  void a_file_that_has_gone_since_it_was_listed_is_told_once() throws Exception {
    Files.delete(directory.resolve("archive").resolve("d.jsonl"));
    Runtime runtime = new Runtime(ArchivePosition.START, List.of());
    runtime.runUntil(6);
    List<ArchiveSplit> splits = copied(runtime.reader.snapshotState(1));
    ArchivePosition position = copied(runtime.enumerator.snapshotState(1));

    Runtime after = new Runtime(position, splits);
    after.runToEnd();

    assertThat(runtime.ids()).endsWith("d.jsonl");
    assertThat(runtime.output.get(5).right().message()).contains("NoSuchFile");
    assertThat(after.ids()).isEmpty();
  }

  @Test
  void a_table_that_was_exported_anew_is_not_read_on_from_the_row_of_the_old_one()
      throws Exception {
    Runtime before = new Runtime(ArchivePosition.START, List.of());
    before.runUntil(3);
    rewrite("a.csv", "id,text\n0,new\n1,one\n2,two\n3,three\n4,four\n");

    Runtime after = resumed(before);
    after.runToEnd();

    assertThat(after.output.get(0).right().message())
        .isEqualTo("a.csv: the file can't be read on after 3 entries: the file has changed");
    assertThat(after.ids()).containsExactly("a.csv", "b.txt", "c.txt", "d1", "d2");
  }

  @Test
  void that_a_file_has_changed_is_told_once() throws Exception {
    Runtime before = new Runtime(ArchivePosition.START, List.of());
    before.runUntil(2);
    rewrite("a.csv", "id,text\n9,nine\n");
    Runtime told = resumed(before);
    told.runUntil(1);

    Runtime after = resumed(told);
    after.runToEnd();

    assertThat(told.ids()).containsExactly("a.csv");
    assertThat(after.ids()).containsExactlyElementsOf(ALL.subList(3, ALL.size()));
  }

  @Test
  void lines_that_were_added_to_json_lines_come_after_those_that_were_read() throws Exception {
    Runtime before = new Runtime(ArchivePosition.START, List.of());
    before.runUntil(6);
    rewrite(
        "d.jsonl",
        """
        {"id": "d1", "text": "x"}
        {"id": "d2", "text": "y"}
        {"id": "d3", "text": "z"}
        """);

    Runtime after = resumed(before);
    after.runToEnd();

    assertThat(after.ids()).containsExactly("d2", "d3");
  }

  @Test
  void json_lines_that_have_become_fewer_are_not_read_on() throws Exception {
    Runtime before = new Runtime(ArchivePosition.START, List.of());
    before.runUntil(6);
    rewrite("d.jsonl", "{\"id\": \"d9\", \"text\": \"x\"}\n");

    Runtime after = resumed(before);
    after.runToEnd();

    assertThat(after.ids()).containsExactly("d.jsonl");
    assertThat(after.output.get(0).right().message()).endsWith("1 entries: the file has changed");
  }

  @Test
  void a_file_that_is_one_document_and_is_done_may_change() throws Exception {
    Runtime before = new Runtime(ArchivePosition.START, List.of());
    before.runUntil(4);
    rewrite("b.txt", "bumblebee");

    Runtime after = resumed(before);
    after.runToEnd();

    assertThat(after.ids()).containsExactlyElementsOf(ALL.subList(4, ALL.size()));
  }

  @Test
  void a_checkpoint_of_an_older_release_is_gone_on_from() throws Exception {
    Path file = directory.resolve("archive").resolve("a.csv");
    DataOutputSerializer older = new DataOutputSerializer(64);
    older.writeLong(0);
    StringValue.writeString(file.toString(), older);
    StringValue.writeString("a.csv", older);
    StringValue.writeString("csv", older);
    older.writeLong(2);

    ArchiveSplit split = source.getSplitSerializer().deserialize(1, older.getCopyOfBuffer());
    Runtime after = new Runtime(new ArchivePosition(1, List.of()), List.of(split));
    after.runToEnd();

    assertThat(after.ids()).containsExactlyElementsOf(ALL.subList(2, ALL.size()));
  }

  /** Another run that goes on from where this one is. */
  private Runtime resumed(Runtime before) throws Exception {
    return new Runtime(
        copied(before.enumerator.snapshotState(1)), copied(before.reader.snapshotState(1)));
  }

  /** Writes a file anew, an hour after it was written before. */
  private void rewrite(String name, String text) throws IOException {
    Path file = directory.resolve("archive").resolve(name);
    Instant later = Files.getLastModifiedTime(file).toInstant().plus(Duration.ofHours(1));
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(later));
  }

  private List<ArchiveSplit> copied(List<ArchiveSplit> splits) throws IOException {
    List<ArchiveSplit> copies = new ArrayList<>();
    SimpleVersionedSerializer<ArchiveSplit> serializer = source.getSplitSerializer();
    for (ArchiveSplit split : splits) {
      copies.add(serializer.deserialize(serializer.getVersion(), serializer.serialize(split)));
    }
    assertThat(copies).isEqualTo(splits);
    return copies;
  }

  private ArchivePosition copied(ArchivePosition position) throws IOException {
    SimpleVersionedSerializer<ArchivePosition> serializer =
        source.getEnumeratorCheckpointSerializer();
    ArchivePosition copy =
        serializer.deserialize(serializer.getVersion(), serializer.serialize(position));
    assertThat(copy).isEqualTo(position);
    return copy;
  }

  /** One reader and the enumerator, on one thread. */
  private final class Runtime {

    final List<Either<RawRecord, Rejection>> output = new ArrayList<>();
    final SplitEnumerator<ArchiveSplit, ArchivePosition> enumerator;
    final SourceReader<Either<RawRecord, Rejection>, ArchiveSplit> reader;
    private boolean asked;

    Runtime(ArchivePosition position, List<ArchiveSplit> splits) throws Exception {
      enumerator = source.restoreEnumerator(enumeratorContext(), position);
      reader = source.createReader(readerContext());
      enumerator.start();
      reader.addSplits(splits);
      reader.start();
    }

    void runToEnd() throws Exception {
      runUntil(Integer.MAX_VALUE);
      reader.close();
      enumerator.close();
    }

    void runUntil(int entries) throws Exception {
      InputStatus status = InputStatus.MORE_AVAILABLE;
      while (output.size() < entries && status != InputStatus.END_OF_INPUT) {
        if (asked) {
          asked = false;
          enumerator.handleSplitRequest(0, null);
        }
        status = reader.pollNext(readerOutput());
        if (status == InputStatus.NOTHING_AVAILABLE) {
          assertThat(asked || reader.isAvailable().isDone())
              .as("a reader that waits has asked for more")
              .isTrue();
        }
      }
    }

    List<String> ids() {
      return output.stream()
          .map(one -> one.isLeft() ? one.left() : one.right().source())
          .map(record -> new String(Objects.requireNonNull(record.key()), StandardCharsets.UTF_8))
          .toList();
    }

    private SourceReaderContext readerContext() {
      return proxy(
          SourceReaderContext.class,
          (method, arguments) -> {
            if (method.equals("sendSplitRequest")) {
              asked = true;
            }
            return null;
          });
    }

    @SuppressWarnings("unchecked")
    private SplitEnumeratorContext<ArchiveSplit> enumeratorContext() {
      return proxy(
          SplitEnumeratorContext.class,
          (method, arguments) -> {
            switch (method) {
              case "registeredReaders" -> {
                return Map.of(0, new ReaderInfo(0, "here"));
              }
              case "assignSplit" -> reader.addSplits(List.of((ArchiveSplit) arguments[0]));
              case "signalNoMoreSplits" -> reader.notifyNoMoreSplits();
              default -> throw new AssertionError("not expected: " + method);
            }
            return null;
          });
    }

    @SuppressWarnings("unchecked")
    private ReaderOutput<Either<RawRecord, Rejection>> readerOutput() {
      return proxy(
          ReaderOutput.class,
          (method, arguments) -> {
            assertThat(method).isEqualTo("collect");
            output.add((Either<RawRecord, Rejection>) arguments[0]);
            return null;
          });
    }
  }

  private interface Call {
    Object apply(String method, Object[] arguments);
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            ArchiveSourceTest.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call.apply(method.getName(), arguments)));
  }
}
