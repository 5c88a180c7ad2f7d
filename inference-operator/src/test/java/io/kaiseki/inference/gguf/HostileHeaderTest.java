package io.kaiseki.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Thousands of damaged and hostile headers: the preflight refuses them or lets them pass, but never
 * fails in another way, and never hangs. Everything is seeded, so a failure can be repeated.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HostileHeaderTest {

  private static final int ROUNDS = 2_000;

  /** Numbers at which arithmetic goes wrong. */
  private static final List<Long> EXTREMES =
      List.of(
          0L,
          1L,
          -1L,
          31L,
          33L,
          0x7fffffffL,
          0x80000000L,
          0xffffffffL,
          0x100000000L,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          Long.MAX_VALUE - 31,
          -32L,
          1L << 33,
          1L << 61,
          1L << 62);

  record Mutation(String name, BiFunction<byte[], Random, byte[]> change) {
    @Override
    public String toString() {
      return name;
    }
  }

  @Test
  void a_header_cut_at_any_byte_is_refused() {
    byte[] file = RawGguf.valid().bytes();

    for (int length = 0; length < file.length; length += length < 10_000 ? 1 : 997) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> RawGguf.open(cut))
          .as("cut at %d", length)
          .isInstanceOf(InvalidModelFileException.class);
    }
  }

  @Test
  void a_file_cut_by_its_last_byte_is_refused_with_both_sizes() {
    byte[] file = RawGguf.valid().bytes();

    assertThatThrownBy(() -> RawGguf.open(Arrays.copyOf(file, file.length - 1)))
        .hasMessageContaining(
            "it has %,d bytes, expected at least %,d", file.length - 1, file.length);
  }

  @ParameterizedTest
  @MethodSource
  void only_a_refusal_or_success_comes_of(Mutation mutation) {
    byte[] file = RawGguf.valid().bytes();
    int headerBytes = RawGguf.valid().header().length;
    int refused = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      byte[] header = mutation.change().apply(Arrays.copyOf(file, headerBytes), random);
      byte[] hostile = Arrays.copyOf(header, header.length + file.length - headerBytes);
      try {
        RawGguf.open(hostile);
      } catch (InvalidModelFileException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError(mutation + " with seed " + seed, e);
      }
    }
    assertThat(refused).as("of %d", ROUNDS).isGreaterThan(ROUNDS / 4);
  }

  static Stream<Mutation> only_a_refusal_or_success_comes_of() {
    return Stream.of(
        new Mutation("one flipped bit", (header, random) -> flipped(header, random, 1)),
        new Mutation(
            "several flipped bits", (h, random) -> flipped(h, random, 2 + random.nextInt(30))),
        new Mutation("an extreme 64-bit number somewhere", HostileHeaderTest::extremeLong),
        new Mutation("an extreme 32-bit number somewhere", HostileHeaderTest::extremeInt),
        new Mutation("a missing stretch", HostileHeaderTest::withoutStretch),
        new Mutation("a stretch repeated", HostileHeaderTest::repeatedStretch),
        new Mutation("two stretches exchanged", HostileHeaderTest::exchangedStretches),
        new Mutation("a stretch of noise", HostileHeaderTest::noise),
        new Mutation("noise after the counts", HostileHeaderTest::noiseAfterCounts));
  }

  private static byte[] flipped(byte[] header, Random random, int bits) {
    for (int i = 0; i < bits; i++) {
      int bit = random.nextInt(header.length * 8);
      header[bit / 8] ^= (byte) (1 << bit % 8);
    }
    return header;
  }

  private static byte[] extremeLong(byte[] header, Random random) {
    littleEndian(header)
        .putLong(
            random.nextInt(header.length - Long.BYTES),
            EXTREMES.get(random.nextInt(EXTREMES.size())));
    return header;
  }

  private static byte[] extremeInt(byte[] header, Random random) {
    littleEndian(header)
        .putInt(
            random.nextInt(header.length - Integer.BYTES),
            EXTREMES.get(random.nextInt(EXTREMES.size())).intValue());
    return header;
  }

  private static byte[] withoutStretch(byte[] header, Random random) {
    int from = random.nextInt(header.length);
    int to = Math.min(header.length, from + 1 + random.nextInt(200));
    byte[] shorter = Arrays.copyOf(header, header.length - (to - from));
    System.arraycopy(header, to, shorter, from, header.length - to);
    return shorter;
  }

  private static byte[] repeatedStretch(byte[] header, Random random) {
    int from = random.nextInt(header.length);
    int to = Math.min(header.length, from + 1 + random.nextInt(200));
    byte[] longer = Arrays.copyOf(header, header.length + to - from);
    System.arraycopy(header, from, longer, to, header.length - from);
    return longer;
  }

  private static byte[] exchangedStretches(byte[] header, Random random) {
    int length = 1 + random.nextInt(100);
    int first = random.nextInt(header.length - length);
    int second = random.nextInt(header.length - length);
    byte[] original = header.clone();
    System.arraycopy(original, first, header, second, length);
    System.arraycopy(original, second, header, first, length);
    return header;
  }

  private static byte[] noise(byte[] header, Random random) {
    byte[] noise = new byte[1 + random.nextInt(64)];
    random.nextBytes(noise);
    System.arraycopy(noise, 0, header, random.nextInt(header.length - noise.length), noise.length);
    return header;
  }

  private static byte[] noiseAfterCounts(byte[] header, Random random) {
    byte[] noise = new byte[header.length - 24];
    random.nextBytes(noise);
    System.arraycopy(noise, 0, header, 24, noise.length);
    return header;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
