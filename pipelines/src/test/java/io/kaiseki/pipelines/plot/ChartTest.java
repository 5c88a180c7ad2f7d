package io.kaiseki.pipelines.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaiseki.pipelines.plot.Chart.Axis;
import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import org.junit.jupiter.api.Test;

class ChartTest {

  @Test
  void parts_that_lie_close_together_fill_the_axis_and_none_is_beyond_it() {
    assertThat(Axis.aroundParts(0.88, 0.91, "")).isEqualTo(new Axis("", 0.85, 0.95, true));
    assertThat(Axis.aroundParts(0, 0, "")).isEqualTo(new Axis("", 0, 0.05, true));
    assertThat(Axis.aroundParts(1, 1, "")).isEqualTo(new Axis("", 0.95, 1, true));
    assertThat(Axis.aroundParts(0, 1, "")).isEqualTo(Axis.ofParts(""));
  }

  @Test
  void an_axis_goes_from_left_to_right_and_from_bottom_to_top() throws Exception {
    Svg svg =
        new Svg(XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(new StringWriter()));
    Chart chart = new Chart(svg, Axis.upTo(93, "tokens"), new Axis("accuracy", 0.8, 1, true));

    assertThat(chart.x(0)).isLessThan(chart.x(100));
    assertThat(chart.y(1)).isLessThan(chart.y(0.9)).isPositive();
    assertThat(chart.y(0.9)).isCloseTo((chart.y(0.8) + chart.y(1)) / 2, within(1e-9));
  }
}
