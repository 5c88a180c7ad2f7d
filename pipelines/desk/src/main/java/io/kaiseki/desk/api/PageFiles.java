package io.kaiseki.desk.api;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/** The page: a few files of this build, held in memory. There is no way to any other file. */
final class PageFiles {

  private static final String ROOT = "/page/";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String CSS = "text/css; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final Map<String, String> FILES =
      Map.ofEntries(
          Map.entry("index.html", HTML),
          Map.entry("desk.css", CSS),
          Map.entry("document.css", CSS),
          Map.entry("icon.svg", "image/svg+xml"),
          Map.entry("js/desk.js", SCRIPT),
          Map.entry("js/api.js", SCRIPT),
          Map.entry("js/dom.js", SCRIPT),
          Map.entry("js/queue.js", SCRIPT),
          Map.entry("js/filters.js", SCRIPT),
          Map.entry("js/document.js", SCRIPT),
          Map.entry("js/correct.js", SCRIPT),
          Map.entry("js/unseen.js", SCRIPT),
          Map.entry("js/statistics.js", SCRIPT),
          Map.entry("js/keys.js", SCRIPT));

  private PageFiles() {}

  static void addTo(RoutesConfig routes) {
    FILES.forEach(
        (name, type) -> {
          byte[] content = content(name);
          String tag = Answers.tag(content);
          routes.get(
              name.equals("index.html") ? "/" : "/" + name,
              request -> Answers.send(request, content, tag, type));
        });
  }

  private static byte[] content(String name) {
    try (InputStream in =
        Objects.requireNonNull(PageFiles.class.getResourceAsStream(ROOT + name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
