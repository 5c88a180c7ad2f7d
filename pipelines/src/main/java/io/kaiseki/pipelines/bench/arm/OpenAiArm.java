package io.kaiseki.pipelines.bench.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.Analysis;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks OpenAI's chat completions, asked for JSON by the schema of the contract. It
 * has its own model, prompt format and machine; what is compared is what a user would get.
 */
public final class OpenAiArm implements Arm {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(30);
  private static final String END_OF_REASONING = "</think>";

  private final JsonMapper json = JsonMapper.builder().build();
  private final OpenAiServer server;
  private final int slots;
  private final Sizing sizing;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_LIMIT)
          .build();

  /**
   * @param slots requests at the same time
   */
  public OpenAiArm(OpenAiServer server, int slots, Sizing sizing) {
    this.server = server;
    this.slots = slots;
    this.sizing = sizing;
  }

  @Override
  public ArmKind kind() {
    return ArmKind.OPENAI;
  }

  @Override
  public int slots() {
    return slots;
  }

  @Override
  public Pass run(Workload workload, PassProgress progress) {
    ExecutorService callers =
        Executors.newFixedThreadPool(
            slots,
            task -> {
              Thread thread = new Thread(task, "openai-caller");
              thread.setDaemon(true);
              return thread;
            });
    try {
      progress.await(callers.submit(() -> answer(workload.analysis(), workload.warmUp())));
      long start = System.nanoTime();
      List<Future<Optional<GenericRecord>>> calls = new ArrayList<>();
      for (String document : workload.documents()) {
        calls.add(
            callers.submit(
                () -> {
                  Optional<GenericRecord> answer = answer(workload.analysis(), document);
                  progress.answered();
                  return answer;
                }));
      }
      List<@Nullable GenericRecord> answers = new ArrayList<>();
      for (Future<Optional<GenericRecord>> call : calls) {
        answers.add(progress.await(call).orElse(null));
      }
      return new Pass(
          (System.nanoTime() - start) / 1e9, Optional.empty(), Optional.empty(), answers);
    } finally {
      callers.shutdownNow();
    }
  }

  @Override
  public void close() {
    // Callers have ended with their pass; the client ends with its last user.
  }

  private Optional<GenericRecord> answer(Analysis analysis, String document) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(server.completions())
              .timeout(ANSWER_LIMIT)
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofByteArray(
                      json.writeValueAsBytes(body(analysis, document))));
      server.key().ifPresent(key -> request.header("Authorization", "Bearer " + key.reveal()));
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      // Its body may hold the document, so it goes nowhere.
      if (response.statusCode() != 200) {
        throw new ArmFailedException(
            "HTTP " + response.statusCode() + " from " + server.completions() + hint(response));
      }
      JsonNode content =
          json.readTree(response.body()).path("choices").path(0).path("message").path("content");
      String text = content.asText("");
      int reasoned = text.lastIndexOf(END_OF_REASONING);
      return Optional.ofNullable(
          LlamaModelArm.read(
              analysis.contract(),
              reasoned < 0 ? text : text.substring(reasoned + END_OF_REASONING.length())));
    } catch (IOException e) {
      throw new ArmFailedException(server.completions() + " can't be used: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  private static String hint(HttpResponse<byte[]> response) {
    return switch (response.statusCode()) {
      case 401, 403 -> "; set OPENAI_API_KEY to a key that it accepts";
      case 404 -> "; look at --openai and --openai-model";
      default -> "";
    };
  }

  private ObjectNode body(Analysis analysis, String document) {
    ObjectNode body = json.createObjectNode();
    body.put("model", server.model());
    body.putArray("messages")
        .addObject()
        .put("role", "user")
        .put("content", PromptText.plain(analysis, document));
    body.put("temperature", 0);
    body.put("max_tokens", sizing.reasoning() + sizing.answer());
    ObjectNode format = body.putObject("response_format").put("type", "json_schema");
    format
        .putObject("json_schema")
        .put("name", analysis.contract().schema().getName())
        .put("strict", true)
        .set("schema", AnswerSchema.of(analysis.contract().type()));
    return body;
  }
}
