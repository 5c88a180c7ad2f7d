package io.kaiseki.pipelines.bench.report;

import io.kaiseki.pipelines.bench.arm.ArmKind;
import io.kaiseki.pipelines.plot.Svg;
import io.kaiseki.pipelines.statistics.Spread;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A report as a picture: documents a second over slots, a line for each arm with its spread, and
 * the ceiling. SVG that needs nothing else.
 */
public final class BenchPlot {

  private static final int WIDTH = 860;
  private static final int HEIGHT = 480;
  private static final int LEFT = 80;
  private static final int RIGHT = 210;
  private static final int TOP = 70;
  private static final int BOTTOM = 60;
  private static final int TICKS = 5;
  private static final int CAP = 5;
  private static final int LEGEND_STEP = 22;
  private static final String INK = "#222222";
  private static final String GRID = "#dddddd";
  private static final String CEILING_COLOUR = "#777777";

  private static final Map<ArmKind, String> COLOURS =
      Map.of(
          ArmKind.ENGINE, "#1b6ca8",
          ArmKind.ENGINE_ARRAY, "#35a7c9",
          ArmKind.ENGINE_WITHOUT_CONFIDENCE, "#8fb8de",
          ArmKind.SEQUENTIAL, "#d1495b",
          ArmKind.PIPELINE, "#2a9d5c",
          ArmKind.LLAMA_MODEL, "#e08e0b",
          ArmKind.OPENAI, "#7b4fa3");

  private final BenchReport report;
  private final List<BenchReport.Row> rows;
  private final List<Integer> slots;
  private final double greatest;
  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter xml;
  private final Svg svg;

  private BenchPlot(BenchReport report) throws XMLStreamException {
    this.report = report;
    rows = report.rows().stream().filter(row -> row.rate().isPresent()).toList();
    NavigableSet<Integer> all = new TreeSet<>(report.ceilings().keySet());
    rows.forEach(row -> all.add(row.arm().slots()));
    slots = List.copyOf(all);
    double top = report.ceilings().values().stream().mapToDouble(rate -> rate).max().orElse(0);
    for (BenchReport.Row row : rows) {
      top = Math.max(top, row.rate().orElseThrow().greatest());
    }
    greatest = top > 0 ? Svg.roundUp(top) : 1;
    xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
    svg = new Svg(xml);
  }

  /** The picture as an XML document. */
  public static String of(BenchReport report) {
    try {
      BenchPlot plot = new BenchPlot(report);
      plot.draw();
      return plot.text.toString();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a writer in memory has failed", e);
    }
  }

  private void draw() throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    svg.begin(WIDTH, HEIGHT, "width", WIDTH, "height", HEIGHT);
    svg.empty("rect", "width", WIDTH, "height", HEIGHT, "fill", "#ffffff");
    String model = String.valueOf(Path.of(report.settings().modelFile()).getFileName());
    label(LEFT, 28, "start", 17, "Documents a second: " + report.workload().name());
    label(
        LEFT,
        48,
        "start",
        12,
        model
            + ", "
            + report.workload().documents().size()
            + " documents a pass; medians, bars from the slowest to the fastest pass");
    axes();
    ceiling();
    for (ArmKind kind : ArmKind.values()) {
      line(kind);
    }
    legend();
    svg.end();
    xml.writeEndDocument();
    xml.flush();
  }

  private void axes() throws XMLStreamException {
    int bottom = HEIGHT - BOTTOM;
    for (int tick = 0; tick <= TICKS; tick++) {
      double value = greatest * tick / TICKS;
      svg.empty(
          "line", "x1", LEFT, "x2", WIDTH - RIGHT, "y1", y(value), "y2", y(value), "stroke", GRID);
      label(LEFT - 8, y(value) + 4, "end", 12, number(value));
    }
    svg.empty("line", "x1", LEFT, "x2", LEFT, "y1", TOP, "y2", bottom, "stroke", INK);
    svg.empty("line", "x1", LEFT, "x2", WIDTH - RIGHT, "y1", bottom, "y2", bottom, "stroke", INK);
    for (int count : slots) {
      label(x(count), bottom + 20, "middle", 12, String.valueOf(count));
    }
    label((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 16, "middle", 13, "slots");
  }

  private void ceiling() throws XMLStreamException {
    List<String> points = new ArrayList<>();
    report.ceilings().forEach((count, rate) -> points.add(Svg.point(x(count), y(rate))));
    polyline(points, CEILING_COLOUR, "6 4");
    for (Map.Entry<Integer, Double> entry : report.ceilings().entrySet()) {
      double x = x(entry.getKey());
      double y = y(entry.getValue());
      svg.empty("line", "x1", x - 9, "x2", x + 9, "y1", y, "y2", y, "stroke", CEILING_COLOUR);
    }
  }

  private void line(ArmKind kind) throws XMLStreamException {
    String colour = COLOURS.getOrDefault(kind, INK);
    List<BenchReport.Row> own = rows.stream().filter(row -> row.arm().kind() == kind).toList();
    polyline(
        own.stream()
            .map(row -> Svg.point(x(row.arm().slots()), y(row.rate().orElseThrow().median())))
            .toList(),
        colour,
        "none");
    for (BenchReport.Row row : own) {
      Spread rate = row.rate().orElseThrow();
      double x = x(row.arm().slots());
      svg.empty(
          "line",
          "x1",
          x,
          "x2",
          x,
          "y1",
          y(rate.least()),
          "y2",
          y(rate.greatest()),
          "stroke",
          colour);
      for (double end : new double[] {rate.least(), rate.greatest()}) {
        svg.empty(
            "line", "x1", x - CAP, "x2", x + CAP, "y1", y(end), "y2", y(end), "stroke", colour);
      }
      svg.empty("circle", "cx", x, "cy", y(rate.median()), "r", 4, "fill", colour);
    }
  }

  private void legend() throws XMLStreamException {
    int x = WIDTH - RIGHT + 24;
    int y = TOP + 10;
    for (ArmKind kind : ArmKind.values()) {
      if (rows.stream().anyMatch(row -> row.arm().kind() == kind)) {
        entry(x, y, COLOURS.getOrDefault(kind, INK), "none", kind.word());
        y += LEGEND_STEP;
      }
    }
    if (!report.ceilings().isEmpty()) {
      entry(x, y, CEILING_COLOUR, "6 4", "ceiling of the machine");
      y += LEGEND_STEP;
    }
    for (ArmMeasurement arm : report.arms()) {
      if (arm.failure().isPresent()) {
        label(x, y + 4, "start", 12, arm.kind().word() + " " + arm.slots() + ": failed");
        y += LEGEND_STEP;
      }
    }
  }

  private void entry(int x, int y, String colour, String dashes, String words)
      throws XMLStreamException {
    polyline(List.of(Svg.point(x, y), Svg.point(x + 26, y)), colour, dashes);
    label(x + 34, y + 4, "start", 13, words);
  }

  private void polyline(List<String> points, String colour, String dashes)
      throws XMLStreamException {
    svg.polyline(points, "stroke", colour, "stroke-dasharray", dashes);
  }

  private void label(double x, double y, String anchor, int size, String words)
      throws XMLStreamException {
    svg.text(x, y, anchor, size, words, "fill", INK);
  }

  /** Numbers of slots stand at equal distances: they are usually powers of two. */
  private double x(int count) {
    double width = WIDTH - RIGHT - LEFT;
    return LEFT + width * (slots.indexOf(count) + 0.5) / slots.size();
  }

  private double y(double rate) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * rate / greatest;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 1 ? "%.1f" : "%.3f", value);
  }
}
