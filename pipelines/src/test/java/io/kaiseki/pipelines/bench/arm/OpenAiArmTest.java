package io.kaiseki.pipelines.bench.arm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.LongDocuments;
import io.kaiseki.inference.MaskedValue;
import io.kaiseki.inference.MaskingPolicy;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenAiArmTest {

  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Letter", "namespace": "test", "fields": [
                {"name": "urgent", "type": "boolean"}
              ]}
              """);

  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private String models = "{\"object\":\"list\",\"data\":[{\"id\":\"m\"}]}";

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          if (exchange.getRequestMethod().equals("GET")) {
            byte[] list = models.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, list.length);
            exchange.getResponseBody().write(list);
          } else {
            asked.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(400, -1);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void a_server_is_shown_nothing_that_the_analysis_masks() {
    MaskingPolicy masking = new MaskingPolicy(List.of(MaskedValue.Known.EMAIL), "", false);
    Analysis analysis =
        Analysis.of(
            "letters",
            "Read the letter.",
            Contract.of(SCHEMA),
            ReasoningPolicy.OFF,
            LongDocuments.REFUSE,
            masking);

    run(Workload.own(analysis, List.of("From anna@example.org", "From bea@example.org")), true);

    assertThat(asked).anySatisfy(body -> assertThat(body).contains("[EMAIL-1]"));
    assertThat(asked).noneSatisfy(body -> assertThat(body).contains("@example.org"));
  }

  @Test
  void another_kaiseki_computes_every_document_whatever_it_has_answered_before() {
    models = "{\"data\":[{\"id\":\"m\",\"kaiseki\":{}}]}";

    run(Workload.named("triage", 2).orElseThrow(), false);

    assertThat(asked).isNotEmpty().allSatisfy(body -> assertThat(body).contains("\"fresh\":true"));
  }

  /** The server refuses every document. */
  private void run(Workload workload, boolean cold) {
    OpenAiServer known =
        new OpenAiServer(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "m", Optional.empty());
    OpenAiArm arm = new OpenAiArm(known, 1, new Sizing(10, 10, 0, 10, 10, 10, "none"), cold);

    assertThatThrownBy(() -> arm.run(workload, new PassProgress(() -> false, done -> {})))
        .isInstanceOf(ArmFailedException.class);
  }
}
