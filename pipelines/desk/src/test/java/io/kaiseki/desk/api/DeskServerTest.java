package io.kaiseki.desk.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaiseki.schemas.registry.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The server before there is anything to serve: what it lets in, and what it says of itself. */
class DeskServerTest {

  private static final String TOKEN = "a token of some length";

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void the_description_names_every_route_for_others_and_no_more() throws Exception {
    try (DeskServer server = listen(Optional.empty())) {
      JsonNode described =
          new ObjectMapper().readTree(get(server, "/api/openapi.json", null).body()).get("paths");
      List<String> operations = new ArrayList<>();
      described
          .properties()
          .forEach(
              path ->
                  path.getValue()
                      .fieldNames()
                      .forEachRemaining(
                          method ->
                              operations.add(
                                  method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
      assertThat(server.routes())
          .filteredOn(route -> route.contains(" /api/") || route.contains(" /health/"))
          .containsExactlyInAnyOrderElementsOf(operations);
    }
  }

  @Test
  void with_a_token_data_is_for_those_who_give_it_and_the_page_and_health_for_all()
      throws Exception {
    String shorter = TOKEN.substring(0, TOKEN.length() - 1);
    try (DeskServer server = listen(Optional.of(Secret.of(TOKEN)))) {
      List<String> data = new ArrayList<>();
      for (String route : server.routes()) {
        String path = route.substring(route.indexOf(' ') + 1);
        if (path.startsWith("/api/") || path.startsWith("/internal/")) {
          data.add(path);
          assertThat(status(server, route, null)).as(route).isEqualTo(401);
          assertThat(status(server, route, "")).as(route).isEqualTo(401);
          assertThat(status(server, route, shorter)).as(route).isEqualTo(401);
          assertThat(status(server, route, TOKEN + "x")).as(route).isEqualTo(401);
          assertThat(status(server, route, TOKEN)).as(route).isNotEqualTo(401);
        } else {
          assertThat(status(server, route, null)).as(route).isIn(200, 503);
        }
      }
      assertThat(data)
          .contains("/api/v1/documents/{id}/feedback", "/api/v1/events", "/internal/v1/version");
      assertThat(get(server, "/api/v1/documents", TOKEN).statusCode()).isEqualTo(503);
      assertThat(get(server, "/", null).statusCode()).isEqualTo(200);
      assertThat(get(server, "/health/live", null).statusCode()).isEqualTo(200);
      assertThat(get(server, "/health/ready", null).statusCode()).isEqualTo(503);
    }
  }

  @Test
  void without_a_token_it_answers_under_names_of_this_machine_only() throws Exception {
    try (DeskServer server = listen(Optional.empty())) {
      assertThat(statusUnder(server, "127.0.0.1:" + server.port())).isEqualTo(503);
      assertThat(statusUnder(server, "localhost:" + server.port())).isEqualTo(503);
      assertThat(statusUnder(server, "rebound.example:" + server.port())).isEqualTo(403);
    }
  }

  @Test
  void everything_comes_with_a_policy_that_runs_this_builds_scripts_only() throws Exception {
    try (DeskServer server = listen(Optional.empty())) {
      HttpResponse<String> page = get(server, "/", null);
      assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'", "script-src 'self'")
          .doesNotContain("unsafe");
      assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(page.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
      assertThat(page.body()).doesNotContain("<style", "onclick", "javascript:", "http://");
    }
  }

  private static DeskServer listen(Optional<Secret> token) {
    return DeskServer.listen("127.0.0.1", 0, token, Set.of());
  }

  /** Of a route such as {@code GET /api/v1/documents/{id}}, for some document. */
  private int status(DeskServer server, String route, String token)
      throws IOException, InterruptedException {
    String[] parts = route.split(" ", 2);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:" + server.port() + parts[1].replace("{id}", "some-id")))
            .method(parts[0], HttpRequest.BodyPublishers.noBody());
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private HttpResponse<String> get(DeskServer server, String path, String token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** By hand: Java's client does not let anybody choose the name. */
  private static int statusUnder(DeskServer server, String host) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("GET /api/v1/documents HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.split(" ", 3)[1]);
    }
  }
}
