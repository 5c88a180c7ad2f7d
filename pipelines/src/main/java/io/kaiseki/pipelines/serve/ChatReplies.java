package io.kaiseki.pipelines.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.json.AnswerJson;
import io.kaiseki.inference.openai.KaisekiFields;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes completions as OpenAI's clients read them. Immutable. */
final class ChatReplies {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String CHOICES = "choices";

  private final EngineDescription engine;

  ChatReplies(EngineDescription engine) {
    this.engine = engine;
  }

  /** The list of models. */
  ObjectNode models(List<String> names, long created) {
    ObjectNode list = JSON.objectNode().put("object", "list");
    ArrayNode data = list.putArray("data");
    names.forEach(name -> data.add(model(name, created)));
    return list;
  }

  ObjectNode model(String name, long created) {
    ObjectNode model =
        JSON.objectNode()
            .put("id", name)
            .put("object", "model")
            .put("created", created)
            .put("owned_by", KaisekiFields.NAME);
    model
        .putObject(KaisekiFields.NAME)
        .put(KaisekiFields.BUILD, (engine.engine() + " " + engine.build()).strip())
        .put(KaisekiFields.SHA256, engine.modelSha256())
        .put(KaisekiFields.CONTEXT, engine.contextTokens())
        .put(KaisekiFields.SLOTS, engine.slots());
    return model;
  }

  /** One reply, whole or in pieces. */
  final class Reply {
    private final String id = "chatcmpl-" + UUID.randomUUID();
    private final long created = Instant.now().getEpochSecond();
    private final String model;

    Reply(String model) {
      this.model = model;
    }

    ObjectNode whole(Completion completion) {
      ObjectNode reply = header("chat.completion");
      ObjectNode choice = reply.putArray(CHOICES).addObject().put("index", 0);
      ObjectNode message =
          choice.putObject("message").put("role", "assistant").put("content", content(completion));
      message.putNull("refusal");
      if (completion.reasoning() != null) {
        message.put("reasoning_content", completion.reasoning());
      }
      choice.putNull("logprobs");
      choice.put("finish_reason", "stop");
      reply.set("usage", usage(completion.usage()));
      reply.set(KaisekiFields.NAME, extension(completion));
      return reply;
    }

    /** The first piece of a stream, which goes out before there is anything to say. */
    ObjectNode opening() {
      return chunk(JSON.objectNode().put("role", "assistant").put("content", ""), null);
    }

    ObjectNode reasoning(String reasoning) {
      return chunk(JSON.objectNode().put("reasoning_content", reasoning), null);
    }

    ObjectNode answer(Completion completion) {
      return chunk(JSON.objectNode().put("content", ChatReplies.content(completion)), null);
    }

    ObjectNode closing(Completion completion) {
      ObjectNode chunk = chunk(JSON.objectNode(), "stop");
      chunk.set(KaisekiFields.NAME, extension(completion));
      return chunk;
    }

    ObjectNode streamUsage(Completion completion) {
      ObjectNode chunk = header("chat.completion.chunk");
      chunk.putArray(CHOICES);
      chunk.set("usage", usage(completion.usage()));
      return chunk;
    }

    private ObjectNode chunk(ObjectNode delta, @Nullable String finish) {
      ObjectNode chunk = header("chat.completion.chunk");
      ObjectNode choice = chunk.putArray(CHOICES).addObject().put("index", 0);
      choice.set("delta", delta);
      choice.putNull("logprobs");
      choice.put("finish_reason", finish);
      return chunk;
    }

    private ObjectNode header(String object) {
      return JSON.objectNode()
          .put("id", id)
          .put("object", object)
          .put("created", created)
          .put("model", model)
          .put("system_fingerprint", engine.build());
    }
  }

  /** How a failure is told. */
  static ApiException failure(Outcome.Failed failed) {
    String code = failed.reason().name().toLowerCase(Locale.ROOT);
    return switch (failed.reason()) {
      case TOO_LONG -> ApiException.of(400, "context_length_exceeded", failed.message());
      case DEADLINE -> ApiException.of(504, code, failed.message());
      case CANCELLED -> ApiException.later(503, code, failed.message(), 1);
      case ENGINE_FAULT -> ApiException.of(500, code, failed.message());
      case UNDECODABLE, SCHEMA_UNKNOWN, INVALID_ANSWER, REFUSED, POISON ->
          ApiException.of(422, code, failed.message());
    };
  }

  /** Whether a failure is the server's, and worth a line in its log. */
  static boolean serious(FailureReason reason) {
    return reason == FailureReason.ENGINE_FAULT || reason == FailureReason.POISON;
  }

  private static String content(Completion completion) {
    return AnswerJson.record(completion.answer()).toString();
  }

  private static ObjectNode usage(TokenUsage usage) {
    ObjectNode node =
        JSON.objectNode()
            .put("prompt_tokens", usage.input())
            .put("completion_tokens", usage.output())
            .put("total_tokens", usage.input() + usage.output());
    node.putObject("prompt_tokens_details")
        .put("cached_tokens", usage.prefixReused() ? usage.prefix() : 0);
    node.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoning());
    return node;
  }

  private static ObjectNode extension(Completion completion) {
    ObjectNode extension = JSON.objectNode();
    ArrayNode confidences = extension.putArray(KaisekiFields.CONFIDENCES);
    for (FieldConfidence confidence : completion.confidences()) {
      ObjectNode entry =
          confidences
              .addObject()
              .put(KaisekiFields.FIELD, confidence.field())
              .put(KaisekiFields.LABEL, confidence.label())
              .put(KaisekiFields.PROBABILITY, confidence.probability())
              .put(KaisekiFields.ABSTAINED, confidence.abstained());
      ObjectNode distribution = entry.putObject(KaisekiFields.DISTRIBUTION);
      confidence.distribution().forEach(distribution::put);
    }
    return extension
        .put(KaisekiFields.FINISH, completion.finishReason().name())
        .put(KaisekiFields.REUSED, completion.reused())
        .put(KaisekiFields.PREFIX_TOKENS, completion.usage().prefix())
        .put(KaisekiFields.FORCED_TOKENS, completion.usage().forced())
        .put(KaisekiFields.QUEUED, completion.timings().queued().toMillis())
        .put(KaisekiFields.FIRST_TOKEN, completion.timings().timeToFirstToken().toMillis());
  }
}
