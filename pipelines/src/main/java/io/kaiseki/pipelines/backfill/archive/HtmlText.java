package io.kaiseki.pipelines.backfill.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;

/**
 * The text of a page as a reader sees it, a line for each block. The page tells its encoding; where
 * it does not, it is UTF-8.
 */
final class HtmlText implements TextExtractor {

  /** What a browser does not show as text. */
  private static final Set<String> UNSEEN =
      Set.of("script", "style", "template", "noscript", "head");

  @Override
  public Extracted extract(byte[] bytes) throws IOException {
    Document page = Jsoup.parse(new ByteArrayInputStream(bytes), null, "");
    String language = page.getElementsByTag("html").attr("lang").strip();
    String title = page.title().strip();
    return new Extracted(
        "html",
        title.isEmpty() ? null : title,
        text(page),
        language.isEmpty() ? null : language,
        null,
        Map.of());
  }

  /** The text of a page, or of the HTML part of something else. */
  static String text(String html) {
    return text(Jsoup.parse(html));
  }

  private static String text(Document page) {
    // What is unseen is passed over and not removed: each removal would go through all siblings.
    Blocks blocks = new Blocks();
    NodeTraversor.filter(blocks, page);
    return blocks.text();
  }

  /** Collects text; blocks and line breaks end a line. */
  private static final class Blocks implements NodeFilter {

    private final StringBuilder text = new StringBuilder();

    @Override
    public FilterResult head(Node node, int depth) {
      if (node instanceof Element element && isUnseen(element)) {
        return FilterResult.SKIP_ENTIRELY;
      }
      if (node instanceof TextNode words) {
        append(words.text());
      } else if (node instanceof Element element && endsLine(element)) {
        endLine();
      }
      return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult tail(Node node, int depth) {
      if (node instanceof Element element && isCell(element)) {
        append(" ");
      } else if (node instanceof Element element && element.isBlock()) {
        endLine();
      }
      return FilterResult.CONTINUE;
    }

    String text() {
      return text.toString().strip();
    }

    private static boolean isUnseen(Element element) {
      return UNSEEN.contains(element.normalName()) || element.hasAttr("hidden");
    }

    private static boolean endsLine(Element element) {
      return element.isBlock() && !isCell(element) || element.normalName().equals("br");
    }

    private static boolean isCell(Element element) {
      return element.normalName().equals("td") || element.normalName().equals("th");
    }

    private void append(String words) {
      boolean afterSpace = text.isEmpty() || Character.isWhitespace(text.charAt(text.length() - 1));
      text.append(afterSpace ? words.stripLeading() : words);
    }

    private void endLine() {
      int end = text.length();
      while (end > 0 && text.charAt(end - 1) == ' ') {
        end--;
      }
      text.setLength(end);
      if (end > 0 && text.charAt(end - 1) != '\n') {
        text.append('\n');
      }
    }
  }
}
