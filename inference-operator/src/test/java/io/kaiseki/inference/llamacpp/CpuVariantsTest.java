package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.llamacpp.build.PinnedBuild;
import org.junit.jupiter.api.Test;

class CpuVariantsTest {

  @Test
  void the_variants_with_AVX_512_are_told_from_the_others() {
    PinnedBuild build = PinnedBuild.named("v0.5.0").orElseThrow();
    assertThat(build.variants().stream().filter(CpuVariants::usesAvx512))
        .containsExactlyInAnyOrder(
            "cannonlake",
            "cascadelake",
            "cooperlake",
            "icelake",
            "sapphirerapids",
            "skylakex",
            "zen4");
  }
}
