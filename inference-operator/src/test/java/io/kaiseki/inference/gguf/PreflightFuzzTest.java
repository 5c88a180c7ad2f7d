package io.kaiseki.inference.gguf;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Coverage-guided fuzzing of the preflight. The normal build replays the seeds and whatever was
 * found before; {@code mvn -Pfuzz -pl inference-operator -am test} searches for new inputs.
 */
class PreflightFuzzTest {

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m")
  void any_bytes_are_refused_or_pass(byte[] file) {
    try {
      RawGguf.open(file);
    } catch (InvalidModelFileException refused) {
      // What a damaged file is meant to end in; anything else is a finding.
    }
  }

  static Stream<byte[]> seeds() {
    RawGguf raw = RawGguf.valid();
    RawGguf other = RawGguf.valid();
    other.version = 2;
    other.uint32("general.alignment", 64);
    other.alignment = 64;
    return Stream.of(
        raw.bytes(), other.bytes(), raw.header(), Arrays.copyOf(raw.bytes(), 24), new byte[0]);
  }
}
