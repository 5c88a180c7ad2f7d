package io.kaiseki.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {

  @TempDir Path directory;

  @Test
  void metadata_and_tensors_come_back_as_they_were_written() throws IOException {
    Path file = directory.resolve("sub/any.gguf");
    new GgufWriter()
        .text("a.text", "Größe 大")
        .uint32("a.number", -1)
        .float32("a.decimal", 0.5f)
        .flag("a.flag", true)
        .texts("some.texts", List.of("x", "yz"))
        .int32s("some.numbers", List.of(1, -2, 3))
        .tensor("first", GgmlType.F32, List.of(3L), bytes(12))
        .tensor("second", GgmlType.Q8_0, List.of(64L, 2L), bytes(136))
        .write(file, ByteProgress.NONE);

    GgufHeader header = header(file);

    assertThat(header.version()).isEqualTo(3);
    assertThat(header.metadata().keySet())
        .containsExactly("a.text", "a.number", "a.decimal", "a.flag", "some.texts", "some.numbers");
    assertThat(header.text("a.text")).contains("Größe 大");
    assertThat(header.metadata())
        .containsEntry("a.number", new MetadataValue.Whole(MetadataType.UINT32, 0xffffffffL))
        .containsEntry("a.decimal", new MetadataValue.Decimal(MetadataType.FLOAT32, 0.5))
        .containsEntry("a.flag", new MetadataValue.Flag(true));
    assertThat(header.tensors())
        .containsExactly(
            new TensorInfo("first", GgmlType.F32, List.of(3L), 0, 12),
            new TensorInfo("second", GgmlType.Q8_0, List.of(64L, 2L), 32, 136));
    assertThat(header.dataPosition() % 32).isZero();
    assertThat(Files.size(file)).isEqualTo(header.dataPosition() + 32 + 160);
  }

  @Test
  void a_write_that_fails_leaves_the_old_file_and_nothing_else() throws IOException {
    Path file = Files.writeString(directory.resolve("kept.gguf"), "old");
    GgufWriter writer =
        new GgufWriter()
            .tensor(
                "broken",
                GgmlType.F32,
                List.of(8L),
                out -> {
                  throw new IOException("the source broke");
                });

    assertThatThrownBy(() -> writer.write(file, ByteProgress.NONE)).hasMessage("the source broke");

    assertThat(file).hasContent("old");
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void a_tensor_that_gives_too_few_bytes_is_an_error() {
    GgufWriter writer = new GgufWriter().tensor("short", GgmlType.F32, List.of(8L), bytes(28));

    assertThatThrownBy(() -> writer.write(directory.resolve("short.gguf"), ByteProgress.NONE))
        .hasMessage("tensor short gave 28 bytes instead of 32");
  }

  @Test
  void rows_that_do_not_fill_blocks_and_keys_given_twice_are_refused() {
    GgufWriter writer = new GgufWriter().text("key", "value");

    assertThatThrownBy(() -> writer.tensor("odd", GgmlType.Q4_0, List.of(33L), bytes(18)))
        .hasMessageContaining("tensor odd");
    assertThatThrownBy(() -> writer.uint32("key", 1)).hasMessageContaining("key is given twice");
  }

  private static GgufWriter.TensorContent bytes(int count) {
    return GgufWriter.TensorContent.of(ByteBuffer.allocate(count));
  }

  private static GgufHeader header(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return new GgufHeaderReader(new GgufCursor(channel, file.toString())).read();
    }
  }
}
