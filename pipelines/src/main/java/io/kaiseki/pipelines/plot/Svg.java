package io.kaiseki.pipelines.plot;

import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes the elements of a picture. Words and attributes are escaped by the XML writer, so they may
 * hold anything; characters that no XML may hold are shown as a replacement character.
 */
public final class Svg {

  private static final String NAMESPACE = "http://www.w3.org/2000/svg";

  private final XMLStreamWriter xml;

  /**
   * @param xml takes the elements; it may be writing a picture alone, or a page around it
   */
  public Svg(XMLStreamWriter xml) {
    this.xml = xml;
  }

  /** Opens the picture, in pixels, with more attributes as names and values by turns. */
  public void begin(int width, int height, Object... more) throws XMLStreamException {
    xml.writeStartElement("svg");
    xml.writeDefaultNamespace(NAMESPACE);
    attributes("viewBox", "0 0 " + width + " " + height);
    attributes(more);
    attributes("font-family", "sans-serif", "font-size", 13);
  }

  /** Closes the picture. */
  public void end() throws XMLStreamException {
    xml.writeEndElement();
  }

  /** An element without content. Attributes are names and values by turns. */
  public void empty(String element, Object... attributes) throws XMLStreamException {
    xml.writeEmptyElement(element);
    attributes(attributes);
  }

  /** A line through points. */
  public void polyline(List<String> points, Object... attributes) throws XMLStreamException {
    if (!points.isEmpty()) {
      xml.writeEmptyElement("polyline");
      attributes("points", String.join(" ", points), "fill", "none", "stroke-width", 2);
      attributes(attributes);
    }
  }

  /**
   * Words.
   *
   * @param anchor which part of them stands at {@code x}: start, middle or end
   * @param size height of the letters in pixels
   */
  public void text(double x, double y, String anchor, int size, String words, Object... attributes)
      throws XMLStreamException {
    xml.writeStartElement("text");
    attributes("x", x, "y", y, "text-anchor", anchor, "font-size", size);
    attributes(attributes);
    xml.writeCharacters(clean(words));
    xml.writeEndElement();
  }

  /** A point for {@link #polyline}. */
  public static String point(double x, double y) {
    return coordinate(x) + "," + coordinate(y);
  }

  /** The end of a scale for values up to this: the next round number. */
  public static double roundUp(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    for (double step : new double[] {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8}) {
      if (value <= step * power) {
        return step * power;
      }
    }
    return 10 * power;
  }

  /** Text without characters that no XML may hold. */
  public static String clean(String text) {
    return text.codePoints()
        .map(
            code ->
                code == '\t'
                        || code == '\n'
                        || code >= 0x20 && !surrogate(code) && code < 0xFFFE
                        || code >= 0x10000
                    ? code
                    : 0xFFFD)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean surrogate(int code) {
    return code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
  }

  private void attributes(Object... namesAndValues) throws XMLStreamException {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      xml.writeAttribute(
          String.valueOf(namesAndValues[i]),
          value instanceof Double number ? coordinate(number) : clean(String.valueOf(value)));
    }
  }

  private static String coordinate(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
