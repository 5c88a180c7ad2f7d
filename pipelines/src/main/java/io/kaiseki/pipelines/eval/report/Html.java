package io.kaiseki.pipelines.eval.report;

import io.kaiseki.pipelines.plot.Svg;
import java.io.StringWriter;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes a page. Everything that is text goes through the XML writer, which escapes it. */
final class Html {

  private final StringWriter out = new StringWriter();
  private final XMLStreamWriter xml;

  Html() throws XMLStreamException {
    out.write("<!DOCTYPE html>\n");
    xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
  }

  /** Opens an element; attributes are names and values by turns. */
  void begin(String element, String... attributes) throws XMLStreamException {
    xml.writeStartElement(element);
    attributes(attributes);
  }

  /** Closes the element that was opened last. */
  void end() throws XMLStreamException {
    xml.writeEndElement();
    xml.writeCharacters("\n");
  }

  /** An element that holds text alone. */
  void text(String element, String text, String... attributes) throws XMLStreamException {
    begin(element, attributes);
    xml.writeCharacters(Svg.clean(text));
    end();
  }

  /** An element that never has content. */
  void empty(String element, String... attributes) throws XMLStreamException {
    xml.writeEmptyElement(element);
    attributes(attributes);
  }

  /** A row of a table; of a body, its first cell is the row's head. */
  void row(boolean head, List<String> cells) throws XMLStreamException {
    begin("tr");
    for (int i = 0; i < cells.size(); i++) {
      text(head || i == 0 ? "th" : "td", cells.get(i), "class", i == 0 ? "name" : "number");
    }
    end();
  }

  /** What pictures in the page are written with. */
  Svg svg() {
    return new Svg(xml);
  }

  /** The page; nothing can be written after. */
  String finish() throws XMLStreamException {
    xml.flush();
    return out.toString();
  }

  private void attributes(String... namesAndValues) throws XMLStreamException {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      xml.writeAttribute(namesAndValues[i], Svg.clean(namesAndValues[i + 1]));
    }
  }
}
