package io.kaiseki.pipelines.eval.report;

import io.kaiseki.pipelines.eval.metrics.ClosedScore;
import io.kaiseki.pipelines.eval.metrics.Reliability;
import io.kaiseki.pipelines.eval.metrics.RiskCoverage;
import io.kaiseki.pipelines.eval.metrics.TemperatureScaling;
import io.kaiseki.pipelines.eval.score.Frontier;
import io.kaiseki.pipelines.plot.Chart;
import io.kaiseki.pipelines.plot.Chart.Axis;
import io.kaiseki.pipelines.plot.Svg;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;
import javax.xml.stream.XMLStreamException;

/** The pictures of the page. */
final class Plots {

  private static final int CURVE_POINTS = 300;
  private static final double DOT = 3.5;

  private final Svg svg;

  Plots(Svg svg) {
    this.svg = svg;
  }

  /** Bars of accuracy by confidence as the product reports it; dots after temperature scaling. */
  void reliability(String field, ClosedScore.Trust trust) throws XMLStreamException {
    Chart chart =
        new Chart(svg, Axis.ofParts("how sure the model says it is"), Axis.ofParts("right"));
    chart.begin("Reliability of " + field);
    for (Reliability.Bin bin : trust.reliability().bins()) {
      if (bin.count() > 0) {
        double top = chart.y(bin.accuracy());
        svg.empty(
            "rect",
            "class",
            "bar",
            "x",
            chart.x(bin.from()) + 1,
            "y",
            top,
            "width",
            chart.x(bin.to()) - chart.x(bin.from()) - 2,
            "height",
            chart.y(0) - top);
      }
    }
    diagonal(chart);
    if (trust.scaling().isPresent()) {
      TemperatureScaling scaling = trust.scaling().get();
      for (Reliability.Bin bin : Reliability.of(scaling.halves()).bins()) {
        if (bin.count() > 0) {
          dot(chart.x(bin.confidence()), chart.y(bin.accuracy()), "second");
        }
      }
    }
    chart.end();
  }

  /** Risk over coverage. */
  void riskCoverage(String field, RiskCoverage curve) throws XMLStreamException {
    double greatest = curve.points().stream().mapToDouble(RiskCoverage.Point::risk).max().orElse(0);
    Axis up =
        greatest > 0.5
            ? Axis.ofParts("wrong among those")
            : new Axis(
                "wrong among those",
                0,
                Math.max(0.05, Svg.roundUp(Math.max(greatest, 1e-6))),
                true);
    Chart chart = new Chart(svg, Axis.ofParts("surest answers that are used"), up);
    chart.begin("Risk and coverage of " + field);
    List<String> points = new ArrayList<>();
    for (RiskCoverage.Point point : Thinned.to(CURVE_POINTS, curve.points())) {
      points.add(chart.point(point.coverage(), point.risk()));
    }
    svg.polyline(points, "class", "first-line");
    chart.end();
  }

  /** Accuracy over tokens for a document, a dot for each policy. */
  void frontier(Frontier frontier) throws XMLStreamException {
    double most =
        frontier.points().stream().mapToDouble(Frontier.Point::tokensPerDocument).max().orElse(1);
    DoubleSummaryStatistics accuracies =
        DoubleStream.concat(
                DoubleStream.of(frontier.target()),
                frontier.points().stream().mapToDouble(Frontier.Point::accuracy))
            .summaryStatistics();
    Axis up = Axis.aroundParts(accuracies.getMin(), accuracies.getMax(), "accuracy");
    Chart chart = new Chart(svg, Axis.upTo(most, "tokens for a document"), up);
    chart.begin("Accuracy against tokens for a document");
    if (frontier.hasTarget()) {
      double target = chart.y(frontier.target());
      svg.empty(
          "line",
          "class",
          "guide",
          "x1",
          chart.x(0),
          "x2",
          chart.x(Svg.roundUp(most)),
          "y1",
          target,
          "y2",
          target);
    }
    for (int i = 0; i < frontier.points().size(); i++) {
      Frontier.Point point = frontier.points().get(i);
      boolean proposed = frontier.proposal().filter(point::equals).isPresent();
      double x = chart.x(point.tokensPerDocument());
      double y = chart.y(point.accuracy());
      dot(x, y, proposed ? "second" : "first");
      // Policies lie close together; their numbers stand above and below by turns.
      svg.text(x, y + (i % 2 == 0 ? -9 : 18), "middle", 12, String.valueOf(i + 1), "class", "ink");
    }
    chart.end();
  }

  private void diagonal(Chart chart) throws XMLStreamException {
    svg.empty(
        "line",
        "class",
        "guide",
        "x1",
        chart.x(0),
        "y1",
        chart.y(0),
        "x2",
        chart.x(1),
        "y2",
        chart.y(1));
  }

  private void dot(double x, double y, String colour) throws XMLStreamException {
    svg.empty("circle", "class", colour, "cx", x, "cy", y, "r", DOT);
  }
}
