package io.kaiseki.pipelines.plot;

import java.util.Locale;
import javax.xml.stream.XMLStreamException;

/**
 * A picture with two axes. Its colours come from the page around it, by the classes {@code ink}
 * (letters), {@code axis} and {@code grid} (lines).
 */
public final class Chart {

  private static final int WIDTH = 460;
  private static final int HEIGHT = 330;
  private static final int LEFT = 62;
  private static final int RIGHT = 18;
  private static final int TOP = 16;
  private static final int BOTTOM = 52;
  private static final int TICKS = 5;
  private static final int LETTERS = 12;

  private final Svg svg;
  private final Axis across;
  private final Axis up;

  /**
   * One axis.
   *
   * @param words what it shows
   * @param begin its least value
   * @param end its greatest value
   * @param percent whether values are parts, to be shown as percent
   */
  public record Axis(String words, double begin, double end, boolean percent) {

    private static final double STEPS = 20;

    /** An axis for parts, from 0 to 100%. */
    public static Axis ofParts(String words) {
      return new Axis(words, 0, 1, true);
    }

    /** An axis for parts that lie close together: it begins and ends at multiples of 5%. */
    public static Axis aroundParts(double least, double greatest, String words) {
      double begin = Math.max(0, (Math.ceil(least * STEPS) - 1) / STEPS);
      double end = Math.min(1, (Math.floor(greatest * STEPS) + 1) / STEPS);
      return new Axis(words, Math.min(begin, end - 1 / STEPS), end, true);
    }

    /** An axis that holds values up to this and ends at a round number. */
    public static Axis upTo(double greatest, String words) {
      return new Axis(words, 0, greatest > 0 ? Svg.roundUp(greatest) : 1, false);
    }

    private double at(double part) {
      return begin + part * (end - begin);
    }

    private double part(double value) {
      return (value - begin) / (end - begin);
    }

    private String tick(double value) {
      return percent
          ? String.format(Locale.ROOT, "%.0f%%", 100 * value)
          : String.format(Locale.ROOT, end >= 20 ? "%.0f" : end >= 2 ? "%.1f" : "%.2f", value);
    }
  }

  public Chart(Svg svg, Axis across, Axis up) {
    this.svg = svg;
    this.across = across;
    this.up = up;
  }

  /**
   * Opens the picture and draws its axes.
   *
   * @param title what it shows, for those who can't see it
   */
  public void begin(String title) throws XMLStreamException {
    svg.begin(WIDTH, HEIGHT, "class", "chart", "role", "img", "aria-label", title);
    for (int tick = 0; tick <= TICKS; tick++) {
      double part = (double) tick / TICKS;
      double y = y(up.at(part));
      double x = x(across.at(part));
      svg.empty(
          "line",
          "class",
          "grid",
          "x1",
          x(across.begin()),
          "x2",
          x(across.end()),
          "y1",
          y,
          "y2",
          y);
      svg.text(LEFT - 8, y + 4, "end", LETTERS, up.tick(up.at(part)), "class", "ink");
      svg.text(
          x, HEIGHT - BOTTOM + 18, "middle", LETTERS, across.tick(across.at(part)), "class", "ink");
    }
    svg.empty("line", "class", "axis", "x1", LEFT, "x2", LEFT, "y1", TOP, "y2", HEIGHT - BOTTOM);
    svg.empty(
        "line",
        "class",
        "axis",
        "x1",
        LEFT,
        "x2",
        WIDTH - RIGHT,
        "y1",
        HEIGHT - BOTTOM,
        "y2",
        HEIGHT - BOTTOM);
    svg.text(
        (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", 13, across.words(), "class", "ink");
    double middle = (TOP + HEIGHT - BOTTOM) / 2.0;
    svg.text(
        14,
        middle,
        "middle",
        13,
        up.words(),
        "class",
        "ink",
        "transform",
        String.format(Locale.ROOT, "rotate(-90 14 %.1f)", middle));
  }

  /** Closes the picture. */
  public void end() throws XMLStreamException {
    svg.end();
  }

  /** Where a value stands from left to right, in pixels. */
  public double x(double value) {
    return LEFT + (WIDTH - RIGHT - LEFT) * across.part(value);
  }

  /** Where a value stands from top to bottom, in pixels. */
  public double y(double value) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * up.part(value);
  }

  /** A point of a line. */
  public String point(double across, double up) {
    return Svg.point(x(across), y(up));
  }
}
