package io.kaiseki.pipelines.plot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SvgTest {

  @Test
  void the_scale_ends_at_a_round_number_above_the_greatest_value() {
    assertThat(Svg.roundUp(0.219)).isEqualTo(0.25);
    assertThat(Svg.roundUp(0.4)).isEqualTo(0.4);
    assertThat(Svg.roundUp(93)).isEqualTo(100);
  }

  @Test
  void characters_that_no_xml_may_hold_are_replaced_and_all_others_stay() {
    assertThat(Svg.clean("a\u0000b\uD800c\uFFFFd")).isEqualTo("a\uFFFDb\uFFFDc\uFFFDd");
    assertThat(Svg.clean("ä\t\uD83D\uDE00<&>")).isEqualTo("ä\t\uD83D\uDE00<&>");
  }
}
