package io.kaiseki.pipelines.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.openai.ApiKey;
import io.kaiseki.inference.openai.OpenAiSettings;
import io.kaiseki.pipelines.analysis.Analyses;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.job.TinyModel;
import io.kaiseki.telemetry.otlp.SpanCollector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One {@code kaiseki serve} for all test classes of this JVM, started with the first, and the
 * collector that it sends its traces to.
 */
final class ServedModel implements BeforeAllCallback {

  static final String TOKEN = "token-of-the-test";

  /** The analysis that it offers beside its model. */
  static final Analysis TRIAGE =
      Analyses.loadWithoutModel("ticket-triage", AnalysisOverrides.none()).toAnalysis();

  @Override
  public void beforeAll(ExtensionContext context) {
    Running.startOnce();
  }

  static ServeProcess serve() {
    return Running.get().serve;
  }

  /** The official client, which knows the token. */
  static OpenAIClient client() {
    return Running.get().client;
  }

  static SpanCollector collector() {
    return Running.get().collector;
  }

  /** The product's own engine's, for the server or for what stands before it. */
  static OpenAiSettings settings(URI url) {
    return OpenAiSettings.of(url, serve().model()).withKey(ApiKey.of(TOKEN)).withSlots(6);
  }

  static CompletionRequest request(String id, String document) {
    return new CompletionRequest(
        id, TRIAGE, document, Instant.now().plus(Duration.ofSeconds(60)), Lane.LIVE);
  }

  static Completion completion(CompletableFuture<Outcome> outcome) throws Exception {
    Outcome done = outcome.get(60, TimeUnit.SECONDS);
    assertThat(done).isInstanceOf(Outcome.Answered.class);
    return ((Outcome.Answered) done).completion();
  }

  private record Running(SpanCollector collector, ServeProcess serve, OpenAIClient client) {

    private static volatile @Nullable Running running;

    static synchronized void startOnce() {
      if (running != null) {
        return;
      }
      try {
        Path directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "served-");
        Path token = Files.writeString(directory.resolve("token"), TOKEN + "\n");
        SpanCollector collector = SpanCollector.start();
        ServeProcess serve =
            ServeProcess.start(
                directory.resolve("serve.log"),
                "ticket-triage",
                "--model=" + TinyModel.file(),
                "--token-file=" + token,
                "--max-body=100000",
                "--set=model.slots=4",
                "--set=model.threads=1",
                "--set=model.library=shipped",
                "--set=otel.exporter.otlp.endpoint=" + collector.endpoint(),
                "--set=otel.bsp.schedule.delay=100");
        Running started =
            new Running(
                collector,
                serve,
                OpenAIOkHttpClient.builder()
                    .baseUrl(serve.url().toString())
                    .apiKey(TOKEN)
                    .maxRetries(0)
                    .build());
        Runtime.getRuntime().addShutdownHook(new Thread(started::close, "served-close"));
        running = started;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static Running get() {
      return Objects.requireNonNull(running, "extend the test with ServedModel");
    }

    private void close() {
      client.close();
      serve.close();
      collector.close();
    }
  }
}
