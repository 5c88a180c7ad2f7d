package io.kaiseki.desk.api;

import io.javalin.http.Context;
import io.kaiseki.schemas.digest.Sha256;
import java.util.Base64;
import java.util.function.Supplier;

/**
 * Sends answers with an ETag, and not again to whoever has them. What was answered a moment ago is
 * kept: many people look at the same first page.
 */
final class Answers {

  private static final String JSON = "application/json";

  private final RecentAnswers recent = new RecentAnswers();

  /**
   * Answers from memory if the same was asked at the same version, at most this long ago.
   *
   * @param version of what the answer depends on
   * @param millis how long an answer holds at one version
   */
  void remembered(Context request, long version, long millis, Supplier<Object> answer) {
    String key = request.path() + "?" + request.queryString();
    long now = System.nanoTime() / 1_000_000;
    RecentAnswers.Answer known =
        recent
            .find(key, version, now)
            .orElseGet(
                () -> {
                  byte[] body = Json.bytes(answer.get());
                  RecentAnswers.Answer made =
                      new RecentAnswers.Answer(version, now + millis, body, tag(body));
                  recent.keep(key, made, now);
                  return made;
                });
    send(request, known.body(), known.tag(), JSON);
  }

  /** Answers anew. */
  static void fresh(Context request, Object answer) {
    byte[] body = Json.bytes(answer);
    send(request, body, tag(body), JSON);
  }

  /** Sends what the client does not have yet. */
  static void send(Context request, byte[] body, String tag, String contentType) {
    request.header("ETag", tag);
    // It may keep it, but asks each time.
    request.header("Cache-Control", "no-cache");
    String has = request.header("If-None-Match");
    if (has != null && (has.equals("*") || has.contains(tag))) {
      request.status(304);
    } else {
      request.contentType(contentType).result(body);
    }
  }

  static String tag(byte[] body) {
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(body));
    return "\"" + text.substring(0, 22) + "\"";
  }
}
