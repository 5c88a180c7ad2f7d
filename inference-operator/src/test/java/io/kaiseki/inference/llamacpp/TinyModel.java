package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.gguf.GgmlType;
import io.kaiseki.inference.gguf.Hyperparameters;
import io.kaiseki.inference.gguf.MakeOptions;
import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.inference.gguf.ModelMaker;
import io.kaiseki.inference.gguf.ModelShape;
import io.kaiseki.inference.gguf.TensorInfo;
import io.kaiseki.inference.gguf.TokenType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The tiny made-up model and what tests make of it, each file made once for the code that does. */
public final class TinyModel {

  private static final Path DIRECTORY =
      Path.of("target", "models", digestOfTheMaker()).toAbsolutePath();

  /** 32 weights of one byte behind their scale in half precision. */
  private static final int Q8_0_BLOCK_BYTES = 34;

  /** High byte of a half-precision number that is none. */
  private static final byte NOT_A_NUMBER = 0x7E;

  private interface Maker {
    void make(Path file) throws IOException;
  }

  private TinyModel() {}

  public static Path file() {
    return made(
        "tiny.gguf", file -> ModelMaker.make(ModelShape.TINY, file, MakeOptions.defaults()));
  }

  /** Its weights are not rounded, so the shape of a batch changes next to nothing. */
  static Path exact() {
    return made(
        "tiny-exact.gguf",
        file ->
            ModelMaker.make(
                ModelShape.TINY,
                file,
                MakeOptions.defaults().withTypes(GgmlType.F32, GgmlType.F32)));
  }

  /** Of a family that the build that ships does not know. */
  static Path qwen3() {
    return made(
        "tiny-qwen3.gguf",
        file -> ModelMaker.make(ModelShape.TINY_QWEN3, file, MakeOptions.defaults()));
  }

  /** Declares {@code <think>} and {@code </think>} as control tokens. */
  static Path withThinkAsControl() {
    return made(
        "tiny-think-control.gguf",
        file ->
            ModelMaker.make(
                ModelShape.TINY,
                file,
                MakeOptions.defaults().withThinkTokenType(TokenType.CONTROL)));
  }

  /** Knows nothing of R1's chat format beyond begin and end of a sentence. */
  static Path withoutChatMarkers() {
    List<String> sentence =
        ModelShape.TINY.specialTokens().stream()
            .filter(token -> token.contains("sentence"))
            .toList();
    return made(
        "tiny-no-chat.gguf",
        file ->
            ModelMaker.make(
                shape("no-chat", ModelShape.TINY.hyperparameters(), sentence),
                file,
                MakeOptions.defaults()));
  }

  /** As many layers as the largest models have. */
  static Path deep() {
    return narrow("tiny-deep", 80);
  }

  /** Fast enough for thousands of documents. */
  public static Path narrow() {
    return narrow("tiny-narrow", 1);
  }

  private static Path narrow(String name, int layers) {
    Hyperparameters tiny = ModelShape.TINY.hyperparameters();
    // With rows of a single block of 32, kernels for AMX in v0.5.0 make numbers that are none.
    int width = 64;
    return made(
        name + ".gguf",
        file ->
            ModelMaker.make(
                shape(
                    name,
                    new Hyperparameters(
                        tiny.architecture(),
                        tiny.contextLength(),
                        width,
                        layers,
                        width,
                        1,
                        1,
                        width,
                        width,
                        tiny.ropeFrequencyBase(),
                        tiny.rmsEpsilon()),
                    ModelShape.TINY.specialTokens()),
                file,
                MakeOptions.defaults()));
  }

  /** A file that is well-formed, but the scale of each block of its output head is no number. */
  static Path withDamagedWeights() {
    return made(
        "tiny-damaged.gguf",
        file -> {
          Files.copy(file(), file);
          ModelFile model = ModelFile.open(file);
          TensorInfo head =
              model.tensors().stream()
                  .filter(tensor -> tensor.name().equals("output.weight"))
                  .findFirst()
                  .orElseThrow();
          byte[] weights = new byte[(int) head.bytes()];
          for (int block = 0; block < weights.length; block += Q8_0_BLOCK_BYTES) {
            weights[block + 1] = NOT_A_NUMBER;
          }
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(weights), model.header().dataPosition() + head.offset());
          }
        });
  }

  private static ModelShape shape(
      String name, Hyperparameters hyperparameters, List<String> specialTokens) {
    ModelShape tiny = ModelShape.TINY;
    return new ModelShape(
        name,
        name,
        hyperparameters,
        tiny.preTokenizer(),
        tiny.ordinaryTokens(),
        specialTokens,
        tiny.vocabularySize());
  }

  private static synchronized Path made(String name, Maker maker) {
    Path file = DIRECTORY.resolve(name);
    try {
      if (!Files.exists(file)) {
        Path own = Files.createTempDirectory(Files.createDirectories(DIRECTORY), "made");
        Path whole = own.resolve(name);
        maker.make(whole);
        // Another JVM of the tests may have made it meanwhile; the files are equal.
        Files.move(
            whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(own);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Of the code that the bytes of a model come from: a file that earlier code has made is not taken
   * for one of this build's.
   */
  private static String digestOfTheMaker() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      Path code =
          Path.of(ModelMaker.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (FileSystem jar = Files.isDirectory(code) ? null : FileSystems.newFileSystem(code)) {
        Path root = jar == null ? code : jar.getPath("/");
        Path maker = root.resolve(ModelMaker.class.getPackageName().replace('.', '/'));
        try (Stream<Path> classes = Files.list(maker)) {
          for (Path one : classes.filter(Files::isRegularFile).sorted().toList()) {
            digest.update(Files.readAllBytes(one));
          }
        }
      }
      try (InputStream tests =
          Objects.requireNonNull(TinyModel.class.getResourceAsStream("TinyModel.class"))) {
        digest.update(tests.readAllBytes());
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
