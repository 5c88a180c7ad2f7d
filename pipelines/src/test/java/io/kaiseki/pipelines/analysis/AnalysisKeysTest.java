package io.kaiseki.pipelines.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AnalysisKeysTest {

  @Test
  void every_constant_is_on_the_list() {
    long constants =
        Arrays.stream(AnalysisKeys.class.getDeclaredFields())
            .filter(field -> Modifier.isPublic(field.getModifiers()))
            .filter(field -> field.getType() == AnalysisKey.class)
            .count();

    assertThat(AnalysisKeys.all()).hasSize((int) constants);
    assertThat(AnalysisKeys.all()).extracting(AnalysisKey::name).doesNotHaveDuplicates();
  }

  @Test
  void every_default_could_be_written_in_the_file() {
    assertThat(AnalysisKeys.all())
        .filteredOn(key -> !key.defaultText().isEmpty())
        .allSatisfy(key -> assertThat(key.form().read(key.defaultText())).isPresent());
  }

  @Test
  void every_key_is_explained_in_a_sentence() {
    assertThat(AnalysisKeys.all())
        .allSatisfy(key -> assertThat(key.description()).endsWith(".").hasSizeLessThan(160));
  }
}
