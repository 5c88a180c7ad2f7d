package io.kaiseki.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.gguf.Vocabulary.SpecialToken;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {

  @TempDir static Path directory;
  private static Path tiny;

  @BeforeAll
  static void make() throws IOException {
    tiny = directory.resolve("tiny.gguf");
    ModelMaker.make(ModelShape.TINY, tiny, MakeOptions.defaults());
  }

  @Test
  void what_the_maker_writes_is_what_the_reader_finds() throws IOException {
    ModelFile model = ModelFile.open(tiny);

    assertThat(model.bytes()).isEqualTo(Files.size(tiny));
    assertThat(model.name()).isEqualTo(ModelShape.TINY.title());
    assertThat(model.hyperparameters()).isEqualTo(ModelShape.TINY.hyperparameters());
    assertThat(model.hasOwnHead()).isTrue();
    assertThat(model.fileType()).contains(FileType.Q4_0);
    assertThat(model.quantisation()).startsWith("Q4_0, ").contains("Q4_0 15", "Q8_0 1", "F32 11");
    assertThat(model.header().dataPosition() + model.tensorBytes())
        .isLessThanOrEqualTo(model.bytes());
    assertThat(model.header().text("tokenizer.chat_template")).get().asString().contains("<think>");
  }

  @Test
  void the_markers_of_r1_are_found_with_their_types() {
    Vocabulary vocabulary = ModelFile.open(tiny).vocabulary();

    assertThat(vocabulary.missingR1Markers()).isEmpty();
    assertThat(vocabulary.special()).hasSize(7);
    assertThat(vocabulary.preTokenizer()).isEqualTo("deepseek-r1-qwen");
    assertThat(vocabulary.addsBeginOfSequence()).isTrue();
    assertThat(vocabulary.find(R1Marker.THINK))
        .contains(
            new SpecialToken(
                ModelShape.TINY.idOf(R1Marker.THINK), "<think>", TokenType.USER_DEFINED));
    assertThat(vocabulary.find(R1Marker.END_OF_SENTENCE).orElseThrow().id())
        .isEqualTo(vocabulary.endOfSequence());
    assertThat(vocabulary.find(R1Marker.BEGIN_OF_SENTENCE).orElseThrow().type())
        .isEqualTo(TokenType.CONTROL);
  }

  @Test
  void a_missing_file_a_directory_and_an_empty_file_are_refused_by_name() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty.gguf"));

    assertRefused(directory.resolve("none.gguf"), "none.gguf: it does not exist", "check the path");
    assertRefused(directory, "it is a directory");
    assertRefused(empty, "empty.gguf: it is empty", "download it again");
  }

  @Test
  void a_device_that_never_ends_is_refused() {
    Path device = Path.of("/dev/zero");
    if (Files.exists(device)) {
      assertRefused(device, "not a regular file");
    }
  }

  @Test
  void a_download_that_broke_off_is_refused_with_the_size_it_should_have() throws IOException {
    Path broken = directory.resolve("broken.gguf");
    Files.copy(tiny, broken);
    try (RandomAccessFile file = new RandomAccessFile(broken.toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }

    assertRefused(broken, "bytes, expected at least %,d".formatted(Files.size(tiny)));
  }

  @Test
  void a_pinned_sha_256_is_compared_without_regard_to_case() {
    String sha256 = FileDigest.sha256(tiny, ByteProgress.NONE);

    ModelFile model = ModelFile.open(tiny, sha256.toUpperCase(Locale.ROOT), ByteProgress.NONE);

    assertThat(model.path()).isEqualTo(tiny);
  }

  @Test
  void another_sha_256_is_refused_and_both_are_named() throws IOException {
    String pinned = FileDigest.sha256(tiny, ByteProgress.NONE);
    Path flipped = directory.resolve("flipped.gguf");
    Files.copy(tiny, flipped);
    try (RandomAccessFile file = new RandomAccessFile(flipped.toFile(), "rw")) {
      file.seek(file.length() - 100);
      int old = file.read();
      file.seek(file.length() - 100);
      file.write(old ^ 1);
    }

    assertThat(ModelFile.open(flipped)).as("a bit in the weights is invisible").isNotNull();
    assertThatThrownBy(() -> ModelFile.open(flipped, pinned, ByteProgress.NONE))
        .isInstanceOf(InvalidModelFileException.class)
        .hasMessageContaining(pinned)
        .hasMessageContaining(FileDigest.sha256(flipped, ByteProgress.NONE));
  }

  @Test
  void what_is_no_sha_256_is_a_mistake_in_the_settings() {
    assertThatThrownBy(() -> ModelFile.open(tiny, "abc", ByteProgress.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("64 hexadecimal digits, but is 'abc'");
  }

  @Test
  void the_digest_tells_its_progress_up_to_the_whole_file() throws IOException {
    List<Long> told = new ArrayList<>();

    FileDigest.sha256(tiny, (done, total) -> told.add(done));

    assertThat(told).isSorted().last().isEqualTo(Files.size(tiny));
  }

  private static void assertRefused(Path path, String... says) {
    assertThatThrownBy(() -> ModelFile.open(path))
        .isInstanceOf(InvalidModelFileException.class)
        .hasMessageContainingAll(says);
  }
}
