package io.kaiseki.inference.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkerNeutralizerTest {

  private static final List<String> R1 =
      List.of(
          "<｜begin▁of▁sentence｜>",
          "<｜end▁of▁sentence｜>",
          R1Prompt.USER,
          R1Prompt.ASSISTANT,
          R1Prompt.THINK,
          R1Prompt.END_THINK,
          "<|EOT|>");

  private final MarkerNeutralizer neutralizer = new MarkerNeutralizer(R1);

  @Test
  void every_marker_is_broken_and_stays_readable() {
    for (String marker : R1) {
      String neutral = neutralizer.neutralize("a " + marker + marker + " b");

      assertThat(neutral).doesNotContain(R1);
      assertThat(neutral.replace(" ", "")).isEqualTo("a" + marker + marker + "b");
    }
  }

  @Test
  void the_user_defined_think_and_markers_with_full_width_bars_are_broken() {
    assertThat(neutralizer.neutralize("x</think>y<｜User｜>")).isEqualTo("x< /think>y< ｜User｜>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a < b", "think", "<Think>", "<|User|>", "<｜user｜>", "< think>", "｜｜"})
  void text_without_a_marker_is_the_same_object(String text) {
    assertThat(neutralizer.neutralize(text)).isSameAs(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<<think>think>",
        "<</think>/think>",
        "<think</think>>",
        "<｜User<｜User｜>｜>",
        "<think><think>"
      })
  void a_marker_inside_a_marker_leaves_none(String text) {
    assertThat(neutralizer.neutralize(text)).doesNotContain(R1);
  }

  @Test
  void markers_that_overlap_or_begin_one_another_are_all_broken() {
    List<String> markers = List.of("aba", "ab", "bab", "<x>", "<x><x>", "👍!", "。。");
    MarkerNeutralizer overlapping = new MarkerNeutralizer(markers);

    for (String text : List.of("ababab", "<x><x><x>", "👍!👍!", "。。。")) {
      assertThat(overlapping.neutralize(text)).doesNotContain(markers);
    }
  }

  @Test
  void neutral_text_stays_as_it_is() {
    String pieces = "<>/think｜User Assistant";
    Random random = new Random(4);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int part = 0; part < 6; part++) {
        int from = random.nextInt(pieces.length());
        text.append(pieces, from, pieces.length() - random.nextInt(pieces.length() - from));
        text.append(R1.get(random.nextInt(R1.size())), 0, 1 + random.nextInt(7));
      }
      String neutral = neutralizer.neutralize(text.toString());

      assertThat(neutral).doesNotContain(R1);
      assertThat(neutralizer.neutralize(neutral)).isSameAs(neutral);
    }
  }

  @Test
  void a_marker_that_ends_in_a_space_was_broken_for_ever() {
    List<String> markers = List.of("< ", "· ", "_x");

    String neutral =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () -> new MarkerNeutralizer(markers).neutralize("a < b · c _x"));

    assertThat(neutral).doesNotContain(markers);
  }

  @Test
  void blank_markers_and_single_characters_are_no_markers() {
    String text = "a  b\n\n<c>";

    assertThat(new MarkerNeutralizer(List.of("", "  ", "\n\n", "<")).neutralize(text))
        .isSameAs(text);
    assertThat(new MarkerNeutralizer(List.of()).neutralize(text)).isSameAs(text);
  }
}
