package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.gguf.ModelShape;
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

  @Test
  void attention_is_flash_attention_except_over_narrow_heads_with_AVX_512() {
    assertThat(ModelShape.TINY.hyperparameters().keyLength()).isLessThan(64);
    assertThat(pays(true, ModelShape.TINY)).isFalse();
    assertThat(pays(false, ModelShape.TINY)).isTrue();
    assertThat(pays(true, ModelShape.R1_DISTILL_QWEN_1_5B)).isTrue();
    assertThat(pays(true, ModelShape.TINY_QWEN3)).as("its heads have 64").isTrue();
  }

  private static boolean pays(boolean usesAvx512, ModelShape shape) {
    return LlamaLibrary.flashAttentionPays(usesAvx512, shape.hyperparameters());
  }
}
