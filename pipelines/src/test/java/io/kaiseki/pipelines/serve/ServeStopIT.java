package io.kaiseki.pipelines.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.job.TinyModel;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code kaiseki serve} ends. */
class ServeStopIT {

  private static final String REQUEST =
      """
      {"model": "ticket-triage", "stream": true, "reasoning_effort": "high",
       "messages": [{"role": "user", "content": "My parcel is late."}]}
      """;

  @TempDir Path directory;

  @Test
  void requests_that_are_under_way_are_answered_before_the_process_ends() throws Exception {
    try (ServeProcess serve =
        ServeProcess.start(
            directory.resolve("serve.log"),
            "ticket-triage",
            "--model=" + TinyModel.file(),
            "--set=model.slots=1",
            "--set=model.threads=1",
            "--set=model.library=shipped")) {
      HttpResponse<Stream<String>> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(serve.url().resolve("/v1/chat/completions"))
                      .header("Content-Type", "application/json")
                      .POST(HttpRequest.BodyPublishers.ofString(REQUEST))
                      .build(),
                  HttpResponse.BodyHandlers.ofLines());
      List<String> lines = new ArrayList<>();
      Iterator<String> events = response.body().iterator();
      lines.add(events.next());
      // Not by the process itself, which would close its input, too.
      serve.process().toHandle().destroy();
      events.forEachRemaining(lines::add);

      assertThat(lines)
          .as(serve.log())
          .contains("data: [DONE]")
          .anyMatch(line -> line.contains("\"finish_reason\":\"stop\""))
          .noneMatch(line -> line.contains("\"error\""));
      assertThat(serve.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(serve.process().exitValue()).as(serve.log()).isZero();
    }
  }
}
