package io.kaiseki.inference.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.TimeLeft;
import io.kaiseki.inference.contract.AnswerLayout;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.json.ContractSchema;
import io.kaiseki.inference.prompt.R1Prompt;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What is asked of every document of an analysis, worked out once. Immutable. */
final class Question {

  private static final JsonMapper JSON = new JsonMapper();

  /** As many as any server gives; labels beyond them have next to no probability. */
  private static final int TOP_LOGPROBS = 20;

  private static final double TEMPERATURE = 0;

  private final OpenAiSettings settings;
  private final Analysis analysis;
  private final String before;
  private final String after;
  private final Map<AnswerFormat, ObjectNode> formats;
  private final String avro;
  private final boolean closed;
  private final int maxTokens;

  Question(OpenAiSettings settings, Analysis analysis) {
    this.settings = settings;
    this.analysis = analysis;
    // A JSON schema knows fields by their names only.
    Contract named = Contract.of(analysis.contract().schema(), AnswerLayout.OBJECT);
    Analysis asked =
        new Analysis(
            analysis.name(),
            analysis.version(),
            analysis.instructions(),
            named,
            analysis.reasoning());
    before = text(R1Prompt.prefix(asked)).strip();
    after = text(R1Prompt.suffix(asked));
    formats =
        Map.of(
            AnswerFormat.JSON_SCHEMA,
            schema(named),
            AnswerFormat.JSON_OBJECT,
            JSON.createObjectNode().put("type", "json_object"));
    avro = analysis.contract().schema().toString();
    closed = AnswerBound.hasClosed(named.type());
    int answer = settings.maxTokens() > 0 ? settings.maxTokens() : AnswerBound.tokens(named.type());
    maxTokens = answer + analysis.reasoning().maxTokens();
  }

  /** Whether the probabilities of tokens are of use; another Kaiseki gives those of the labels. */
  boolean wantsLogprobs(ServedModel served) {
    return closed && !served.kaiseki();
  }

  /**
   * The body of a request.
   *
   * @param asked what to ask for besides the answer
   * @param objection what the model is told of its last answer; empty at the first time
   * @param answer that answer
   */
  byte[] body(CompletionRequest request, Asked asked, String objection, String answer) {
    ObjectNode body = JSON.createObjectNode().put("model", settings.model());
    ArrayNode messages = body.putArray("messages");
    if (asked.served().kaiseki()) {
      message(messages, "system", analysis.instructions());
      message(messages, "user", request.document());
      body.set(KaisekiFields.NAME, kaiseki(request));
    } else {
      message(messages, "system", before);
      message(messages, "user", request.document() + after);
      if (!objection.isEmpty()) {
        message(messages, "assistant", answer);
        message(messages, "user", objection);
      }
      if (asked.logprobs()) {
        body.put("logprobs", true).put("top_logprobs", TOP_LOGPROBS);
      }
      if (!settings.reasoningEffort().isEmpty()) {
        body.put("reasoning_effort", settings.reasoningEffort());
      }
    }
    body.put("temperature", TEMPERATURE).put("max_tokens", maxTokens);
    ObjectNode format = formats.get(asked.format());
    if (format != null) {
      body.set("response_format", format);
    }
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON can be written", e);
    }
  }

  AnswerType.Composite type() {
    return analysis.contract().type();
  }

  private static ObjectNode schema(Contract named) {
    ObjectNode format = JSON.createObjectNode().put("type", "json_schema");
    format
        .putObject("json_schema")
        .put("name", named.schema().getName())
        .put("strict", true)
        .set("schema", ContractSchema.of(named.type()));
    return format;
  }

  private ObjectNode kaiseki(CompletionRequest request) {
    ObjectNode fields = JSON.createObjectNode();
    fields.put(KaisekiFields.ANALYSIS, analysis.name());
    fields.put(KaisekiFields.VERSION, analysis.version());
    fields.put(KaisekiFields.SCHEMA, avro);
    fields.put(KaisekiFields.LAYOUT, analysis.contract().layout().name().toLowerCase(Locale.ROOT));
    fields.put(KaisekiFields.BUDGET, analysis.reasoning().maxTokens());
    if (analysis.reasoning() instanceof ReasoningPolicy.WhenUnsure unsure) {
      fields.put(KaisekiFields.THRESHOLD, unsure.threshold());
    }
    fields.put(KaisekiFields.LANE, request.lane().name().toLowerCase(Locale.ROOT));
    fields.put(KaisekiFields.DEADLINE, Math.max(1, TimeLeft.until(request.deadline()).toMillis()));
    if (request.fresh()) {
      fields.put(KaisekiFields.FRESH, true);
    }
    return fields;
  }

  private static void message(ArrayNode messages, String role, String content) {
    messages.addObject().put("role", role).put("content", content);
  }

  private static String text(List<R1Prompt.Piece> pieces) {
    return pieces.stream()
        .filter(piece -> !piece.marker())
        .map(R1Prompt.Piece::text)
        .collect(Collectors.joining());
  }
}
