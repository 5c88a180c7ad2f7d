package io.kaiseki.pipelines.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnalysisKeysTest {

  @Test
  void every_constant_is_on_the_list() throws IllegalAccessException {
    Set<Object> constants = new HashSet<>();
    for (Field field : AnalysisKeys.class.getDeclaredFields()) {
      if (field.getType() == AnalysisKey.class) {
        constants.add(field.get(null));
      } else if (field.getType() == RemoteKeys.class) {
        RemoteKeys keys = (RemoteKeys) field.get(null);
        constants.add(keys.endpoint());
        constants.addAll(keys.others());
      }
    }

    assertThat(constants).containsExactlyInAnyOrderElementsOf(AnalysisKeys.all());
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
