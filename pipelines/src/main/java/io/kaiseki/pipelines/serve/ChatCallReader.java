package io.kaiseki.pipelines.serve;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.openai.KaisekiFields;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the body of a chat completion. What stands before the last user message becomes the
 * instructions, which the engine reads once for all requests that share them; the last user message
 * is the document.
 */
final class ChatCallReader {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final Set<String> INSTRUCTING = Set.of("system", "developer");
  private static final String USER = "user";
  private static final String MESSAGES = "messages";
  private static final String FORMAT = "response_format";

  /** Metrics keep every name as a label. A program may name its analysis as none of ours is. */
  private static final Pattern ANALYSIS_NAME = Pattern.compile("\\P{Cc}{1,100}");

  /** As much as an analysis of one's own may have. */
  private static final int GREATEST_BUDGET = 32_768;

  private final String model;
  private final Optional<Analysis> offered;
  private final OptionalInt longest;
  private final Duration deadline;
  private final ContractCache contracts = new ContractCache();

  /**
   * @param model name of the engine's model
   * @param settings which analysis is a model of its own, and what requests may take
   */
  ChatCallReader(String model, ServeSettings settings) {
    this.model = model;
    this.offered = settings.analysis();
    this.longest = settings.documentCharacters();
    this.deadline = settings.deadline();
  }

  /**
   * Reads a request.
   *
   * @throws ApiException naming the place that is wrong
   */
  ChatCall read(byte[] bytes) {
    JsonNode body = parsed(bytes);
    refuseUnsupported(body);
    String asked = body.path("model").asText("");
    List<String> instructions = new ArrayList<>();
    String document = messages(body.path(MESSAGES), instructions);
    JsonNode extension = body.path(KaisekiFields.NAME);
    Analysis analysis = analysis(asked, body, extension, String.join("\n\n", instructions));
    if (isOffered(asked)) {
      refuseLong(document);
    }
    return new ChatCall(
        asked,
        analysis,
        document,
        lane(extension),
        deadline(extension),
        extension.path(KaisekiFields.FRESH).asBoolean(false),
        body.path("stream").asBoolean(false),
        body.path("stream_options").path("include_usage").asBoolean(false));
  }

  private static JsonNode parsed(byte[] bytes) {
    JsonNode body;
    try {
      body = JSON.readTree(bytes);
    } catch (IOException e) {
      // Of bytes in memory, that is what they hold: no JSON, or no text in the encoding that they
      // begin as. The parser's own message may quote the document.
      throw ApiException.of(400, "invalid_json", "the body is no JSON in UTF-8");
    }
    if (!body.isObject()) {
      throw ApiException.of(400, "invalid_json", "the body must be a JSON object");
    }
    return body;
  }

  private static void refuseUnsupported(JsonNode body) {
    if (body.path("n").asInt(1) != 1) {
      throw ApiException.wrong("n", "only 1 answer can be given");
    }
    if (body.path("logprobs").asBoolean(false)) {
      throw ApiException.wrong(
          "logprobs",
          "not given; the probabilities of all labels stand in the reply's kaiseki.confidences");
    }
    for (String key : List.of("tools", "functions")) {
      if (!body.path(key).isEmpty()) {
        throw ApiException.wrong(key, "not supported; ask for a json_schema");
      }
    }
  }

  private static String messages(JsonNode messages, List<String> instructions) {
    if (!messages.isArray() || messages.isEmpty()) {
      throw ApiException.wrong(MESSAGES, "must be a list with a user message at its end");
    }
    int last = messages.size() - 1;
    for (int i = 0; i <= last; i++) {
      String place = MESSAGES + "[" + i + "]";
      String role = messages.get(i).path("role").asText("");
      if (!INSTRUCTING.contains(role) && !role.equals(USER)) {
        throw ApiException.wrong(
            place + ".role",
            "must be system, developer or user, but is "
                + (role.isEmpty() ? "missing" : role)
                + "; one question is answered at a time, without a conversation before it");
      }
      if (i == last && !role.equals(USER)) {
        throw ApiException.wrong(place + ".role", "the last message must be the user's");
      }
      if (i < last) {
        instructions.add(text(place + ".content", messages.get(i).path("content")));
      }
    }
    return text(MESSAGES + "[" + last + "].content", messages.get(last).path("content"));
  }

  private static String text(String place, JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    if (!content.isArray()) {
      throw ApiException.wrong(place, "must be text, or a list of parts of type text");
    }
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < content.size(); i++) {
      JsonNode part = content.get(i);
      if (!part.path("type").asText().equals("text") || !part.path("text").isTextual()) {
        throw ApiException.wrong(place + "[" + i + "]", "must be a part of type text");
      }
      parts.add(part.get("text").textValue());
    }
    return String.join("\n", parts);
  }

  private boolean isOffered(String asked) {
    return offered.isPresent() && asked.equals(offered.get().name());
  }

  private void refuseLong(String document) {
    if (document.length() > longest.orElse(Integer.MAX_VALUE)) {
      throw ApiException.of(
          400,
          "context_length_exceeded",
          "the document has "
              + document.length()
              + " characters, more than limits.document-characters = "
              + longest.getAsInt());
    }
  }

  private Analysis analysis(String asked, JsonNode body, JsonNode extension, String instructions) {
    if (isOffered(asked)) {
      if (!instructions.isEmpty() || body.hasNonNull(FORMAT)) {
        throw ApiException.wrong(
            "model",
            asked
                + " brings its own instructions and schema; send the document alone, or name model "
                + model);
      }
      return offered.orElseThrow();
    }
    if (!asked.equals(model)) {
      throw ApiException.of(
          404,
          "model_not_found",
          "model: there is no "
              + asked
              + "; here is "
              + model
              + offered.map(analysis -> " and " + analysis.name()).orElse(""));
    }
    Contract contract = contract(body, extension);
    String name = name(extension);
    String version = extension.path(KaisekiFields.VERSION).asText("");
    return new Analysis(
        name,
        version.isEmpty() ? contracts.version(instructions, contract) : version,
        instructions,
        contract,
        reasoning(body, extension));
  }

  private static String name(JsonNode extension) {
    String name = extension.path(KaisekiFields.ANALYSIS).asText("chat");
    if (!ANALYSIS_NAME.matcher(name).matches()) {
      throw ApiException.wrong(
          KaisekiFields.NAME + "." + KaisekiFields.ANALYSIS,
          "must be a line of 1 to 100 characters");
    }
    return name;
  }

  private Contract contract(JsonNode body, JsonNode extension) {
    JsonNode avro = extension.path(KaisekiFields.SCHEMA);
    if (avro.isTextual()) {
      return contracts.avro(
          avro.textValue(), extension.path(KaisekiFields.LAYOUT).asText("object"));
    }
    JsonNode format = body.path(FORMAT);
    if (!format.path("type").asText().equals("json_schema")) {
      throw ApiException.wrong(
          FORMAT,
          "must be of type json_schema; this server answers within a schema only, not by free"
              + " text");
    }
    JsonNode schema = format.path("json_schema").path("schema");
    if (!schema.isObject()) {
      throw ApiException.wrong(FORMAT + ".json_schema.schema", "must be a JSON schema");
    }
    return contracts.json(format.path("json_schema").path("name").asText("answer"), schema);
  }

  private static ReasoningPolicy reasoning(JsonNode body, JsonNode extension) {
    int budget = budget(body, extension.path(KaisekiFields.BUDGET));
    if (budget < 1) {
      return ReasoningPolicy.OFF;
    }
    JsonNode threshold = extension.path(KaisekiFields.THRESHOLD);
    try {
      return threshold.isNumber()
          ? new ReasoningPolicy.WhenUnsure(threshold.asDouble(), budget)
          : new ReasoningPolicy.Always(budget);
    } catch (IllegalArgumentException e) {
      throw ApiException.wrong(
          KaisekiFields.NAME + "." + KaisekiFields.THRESHOLD, String.valueOf(e.getMessage()));
    }
  }

  private static int budget(JsonNode body, JsonNode exact) {
    if (exact.isMissingNode() || exact.isNull()) {
      return Math.min(
          ReasoningEffort.budget(body.path("reasoning_effort")),
          most(body, "max_completion_tokens", most(body, "max_tokens", Integer.MAX_VALUE)));
    }
    if (!exact.canConvertToInt() || exact.asInt() < 0 || exact.asInt() > GREATEST_BUDGET) {
      throw ApiException.wrong(
          KaisekiFields.NAME + "." + KaisekiFields.BUDGET,
          "must be a whole number from 0 to " + GREATEST_BUDGET);
    }
    return exact.asInt();
  }

  private static int most(JsonNode body, String key, int otherwise) {
    JsonNode value = body.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.canConvertToInt() || value.asInt() < 1) {
      throw ApiException.wrong(key, "must be a whole number from 1 on");
    }
    return value.asInt();
  }

  private static Lane lane(JsonNode extension) {
    String lane = extension.path(KaisekiFields.LANE).asText("live");
    try {
      return Lane.valueOf(lane.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw ApiException.wrong(
          KaisekiFields.NAME + "." + KaisekiFields.LANE, "must be live or backfill");
    }
  }

  private Duration deadline(JsonNode extension) {
    JsonNode millis = extension.path(KaisekiFields.DEADLINE);
    return millis.canConvertToLong() && millis.asLong() > 0
        ? Duration.ofMillis(Math.min(millis.asLong(), Duration.ofHours(24).toMillis()))
        : deadline;
  }
}
