package io.kaiseki.pipelines.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a JobManager over its REST interface. */
final class FlinkRest {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build();
  private final String root;

  FlinkRest(JobTarget.Session target) {
    this.root = "http://" + target.address();
  }

  /** The JobManager answers that there is no such thing. */
  static final class NotFoundException extends IOException {

    private static final long serialVersionUID = 1L;
    private static final int STATUS = 404;

    private NotFoundException(String address) {
      super(address + " answers with status " + STATUS);
    }
  }

  /**
   * The answer to a question.
   *
   * @param path such as {@code /overview}
   * @throws NotFoundException if the JobManager knows nothing of that path
   * @throws IOException if there is no answer, or none that a JobManager would give
   */
  JsonNode get(String path) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(root + path)).timeout(LIMIT).build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == NotFoundException.STATUS) {
        throw new NotFoundException(root + path);
      }
      if (response.statusCode() != 200) {
        throw new IOException(root + path + " answers with status " + response.statusCode());
      }
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new IOException(root + path + " answers with something else than JSON", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking " + root + path, e);
    }
  }
}
