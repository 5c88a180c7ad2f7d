package io.kaiseki.pipelines.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.bench.arm.ArmKind;
import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class BenchPlotTest {

  @Test
  void the_picture_is_well_formed_whatever_the_model_is_called() throws Exception {
    Document picture = parsed(twoArms());

    assertThat(picture.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(picture.getDocumentElement().getTextContent()).contains("<&\"'>.gguf");
  }

  @Test
  void every_arm_has_a_point_for_each_number_of_slots_and_the_ceiling_is_named() throws Exception {
    Document picture = parsed(twoArms());

    assertThat(picture.getElementsByTagName("circle").getLength()).isEqualTo(3);
    assertThat(picture.getDocumentElement().getTextContent())
        .contains("engine", "llama-model", "ceiling of the machine", "pipeline 4: failed");
  }

  @Test
  void faster_passes_stand_higher_and_everything_is_inside_the_frame() throws Exception {
    NodeList points = parsed(twoArms()).getElementsByTagName("circle");
    List<Double> heights =
        IntStream.range(0, points.getLength())
            .mapToObj(i -> Double.parseDouble(((Element) points.item(i)).getAttribute("cy")))
            .toList();

    assertThat(heights).allSatisfy(y -> assertThat(y).isBetween(70.0, 420.0));
    assertThat(heights.get(1)).as("engine with 4 above engine with 1").isLessThan(heights.get(0));
  }

  @Test
  void a_bench_without_a_single_pass_is_still_a_picture() throws Exception {
    Document picture =
        parsed(Reports.report(List.of(), Reports.failed(ArmKind.OPENAI, 1, "HTTP 500")));

    assertThat(picture.getDocumentElement().getTextContent()).contains("openai 1: failed");
  }

  private static BenchReport twoArms() {
    return Reports.report(
        List.of(Reports.rates(1)),
        Reports.arm(ArmKind.ENGINE, 1, 10, 12),
        Reports.arm(ArmKind.ENGINE, 4, 7, 8),
        Reports.arm(ArmKind.LLAMA_MODEL, 1, 13, 14),
        Reports.failed(ArmKind.PIPELINE, 4, "no broker"));
  }

  private static Document parsed(BenchReport report) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(BenchPlot.of(report))));
  }
}
