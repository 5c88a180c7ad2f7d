package io.kaiseki.desk.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Asks a desk. */
final class ApiClient {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI desk;
  private final Optional<String> token;

  ApiClient(URI desk, Optional<String> token) {
    this.desk = desk;
    this.token = token;
  }

  boolean isReady() throws InterruptedException {
    try {
      return send(request("/health/ready")).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = send(request("/api/v1" + path));
    if (response.statusCode() != 200) {
      throw new IOException(path + ": " + response.statusCode() + " " + response.body());
    }
    return JSON.readTree(response.body());
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(
        request("/api/v1" + path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(desk.resolve(path));
    token.ifPresent(given -> request.header("Authorization", "Bearer " + given));
    return request;
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The status of an address as a browser may send it, with characters that none may have. */
  int statusOf(String address) throws IOException {
    String authorization = token.map(given -> "Authorization: Bearer " + given + "\r\n").orElse("");
    try (Socket socket = new Socket(desk.getHost(), desk.getPort())) {
      socket
          .getOutputStream()
          .write(
              ("GET " + address + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n")
                  .concat(authorization + "\r\n")
                  .getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.split(" ", 3)[1]);
    }
  }

  /** Everything that counts, without what depends on the time of asking. */
  JsonNode counts() throws IOException, InterruptedException {
    JsonNode statistics = get("/statistics").get("statistics");
    ((ObjectNode) statistics).remove("minutes");
    return statistics;
  }
}
