package io.kaiseki.inference.gguf;

import io.kaiseki.inference.gguf.InvalidModelFileException.Remedy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A model file that has passed the preflight: everything in its header that native code will trust
 * has been checked in Java before native code sees it.
 *
 * <p>What the preflight can't see: the weights themselves. A flipped bit in the tensor data, or one
 * in the header that leaves it consistent, is found by the SHA-256 alone; pin it. A file that is
 * exchanged between the preflight and the load isn't noticed either.
 *
 * @param path as it was given
 * @param bytes size of the file
 * @param header metadata and tensors
 * @param hyperparameters the shape of the transformer
 * @param vocabulary what the file says of its tokens
 */
public record ModelFile(
    Path path,
    long bytes,
    GgufHeader header,
    Hyperparameters hyperparameters,
    Vocabulary vocabulary) {

  /**
   * Reads the header of a file and checks all of it. Takes a fraction of a second and a few
   * megabytes of heap, however large the file.
   *
   * @throws InvalidModelFileException if the file is missing, unreadable, damaged or not supported
   */
  public static ModelFile open(Path path) {
    requireReadableFile(path);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return read(channel, path);
    } catch (IOException e) {
      throw new InvalidModelFileException(
          path.toString(), "cannot be read: " + e, Remedy.CHECK_PATH, e);
    }
  }

  /**
   * Does {@link #open(Path)} and then holds the whole file against its SHA-256.
   *
   * @param sha256 64 hexadecimal digits, in upper or lower case
   * @param progress hears the bytes read for the SHA-256
   * @throws InvalidModelFileException if the preflight refuses the file or its SHA-256 is another;
   *     the message has both
   * @throws IllegalArgumentException if {@code sha256} isn't one
   */
  public static ModelFile open(Path path, String sha256, ByteProgress progress) {
    String pinned = FileDigest.normalised(sha256);
    ModelFile model = open(path);
    String found = FileDigest.sha256(path, progress);
    if (!found.equals(pinned)) {
      throw new InvalidModelFileException(
          path.toString(), "its SHA-256 is " + found + ", expected " + pinned, Remedy.CHECK_PIN);
    }
    return model;
  }

  /** The preflight over any channel; {@code path} is for messages. */
  static ModelFile read(SeekableByteChannel channel, Path path) {
    GgufCursor in = new GgufCursor(channel, path.toString());
    if (in.size() == 0) {
      throw in.damaged("it is empty");
    }
    GgufHeader header = new GgufHeaderReader(in).read();
    MetadataLookup metadata = new MetadataLookup(in.file(), header.metadata());
    Hyperparameters hyperparameters = HyperparametersReader.read(metadata);
    Vocabulary vocabulary = VocabularyReader.read(in, metadata);
    new TensorCheck(metadata, hyperparameters, vocabulary.size()).check(header.tensors());
    return new ModelFile(path, in.size(), header, hyperparameters, vocabulary);
  }

  /** Value of {@code general.name}, or else the file's own name. */
  public String name() {
    return header.text("general.name").orElseGet(() -> String.valueOf(path.getFileName()));
  }

  /** All weights together. */
  public long parameterCount() {
    return header.tensors().stream().mapToLong(TensorInfo::elements).sum();
  }

  /** Bytes of tensor data, padding included. */
  public long tensorBytes() {
    return header.tensorBytes();
  }

  /** How many tensors there are of each type. */
  public Map<GgmlType, Long> tensorTypes() {
    return header.tensors().stream()
        .collect(
            Collectors.groupingBy(
                TensorInfo::type, () -> new EnumMap<>(GgmlType.class), Collectors.counting()));
  }

  /** What the file says its quantisation is; empty where it doesn't or the number is unknown. */
  public Optional<FileType> fileType() {
    return header.metadata().get("general.file_type") instanceof MetadataValue.Whole number
        ? FileType.withId(number.value())
        : Optional.empty();
  }

  /** One line for people, such as {@code Q4_0, 4.97 bits per weight (F32 57, Q4_0 141, Q8_0 1)}. */
  public String quantisation() {
    String types =
        tensorTypes().entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    return "%s, %.2f bits per weight (%s)"
        .formatted(
            fileType().map(FileType::name).orElse("unnamed quantisation"),
            8.0 * tensorBytes() / parameterCount(),
            types);
  }

  /** Whether the file has its own output head, or uses the embedding for it. */
  public boolean hasOwnHead() {
    return header.tensors().stream().anyMatch(tensor -> tensor.name().equals("output.weight"));
  }

  public List<TensorInfo> tensors() {
    return header.tensors();
  }

  private static void requireReadableFile(Path path) {
    String problem = null;
    if (!Files.exists(path)) {
      problem = "it does not exist";
    } else if (Files.isDirectory(path)) {
      problem = "it is a directory, expected a GGUF file";
    } else if (!Files.isRegularFile(path)) {
      problem = "it is not a regular file";
    } else if (!Files.isReadable(path)) {
      problem = "it may not be read by this user";
    }
    if (problem != null) {
      throw new InvalidModelFileException(path.toString(), problem, Remedy.CHECK_PATH);
    }
  }
}
