package io.kaiseki.inference.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.inference.TokenUsage;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a server replied, with the reasoning taken from wherever it puts it.
 *
 * @param content the message's text without reasoning
 * @param reasoning what the model thought; null where it did not, or the server keeps it
 * @param finish the finish reason, such as {@code stop} or {@code length}
 * @param refusal why the model or a filter refuses to answer; null where it does not
 * @param usage tokens that it took; all of a server that does not tell are 0
 * @param logprobs probabilities of the tokens of the content; missing where they are not given
 * @param kaiseki what another Kaiseki adds; missing from others
 */
record ChatReply(
    String content,
    @Nullable String reasoning,
    String finish,
    @Nullable String refusal,
    TokenUsage usage,
    JsonNode logprobs,
    JsonNode kaiseki) {

  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String THINK = "<think>";
  private static final String END_THINK = "</think>";

  /**
   * Reads a body; empty where it is no completion, as one is that was cut or comes from a proxy.
   */
  static Optional<ChatReply> read(byte[] body) {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can be read", e);
    }
    JsonNode choice = root.path("choices").path(0);
    JsonNode message = choice.path("message");
    if (!message.isObject()) {
      return Optional.empty();
    }
    String text = message.path("content").asText("");
    if (message.path("content").isNull()) {
      text = "";
    }
    String apart = apart(message);
    int end = text.stripLeading().startsWith("{") ? -1 : text.lastIndexOf(END_THINK);
    if (end >= 0 && apart == null) {
      String thought = text.substring(0, end).strip();
      apart = (thought.startsWith(THINK) ? thought.substring(THINK.length()) : thought).strip();
    }
    return Optional.of(
        new ChatReply(
            unfenced(end < 0 ? text : text.substring(end + END_THINK.length())),
            apart == null || apart.isBlank() ? null : apart,
            choice.path("finish_reason").asText(""),
            message.path("refusal").textValue(),
            usage(root),
            choice.path("logprobs").path("content"),
            root.path(KaisekiFields.NAME)));
  }

  /** DeepSeek and vLLM call it reasoning_content, others and newer ones reasoning. */
  private static @Nullable String apart(JsonNode message) {
    for (String key : new String[] {"reasoning_content", "reasoning"}) {
      if (message.path(key).isTextual()) {
        return message.get(key).textValue();
      }
    }
    return null;
  }

  /** Servers that do not hold the model to the schema let it write a block of Markdown. */
  private static String unfenced(String text) {
    String content = text.strip();
    if (content.startsWith("```") && content.endsWith("```") && content.indexOf('\n') > 0) {
      return content.substring(content.indexOf('\n') + 1, content.length() - 3).strip();
    }
    return content;
  }

  private static TokenUsage usage(JsonNode root) {
    JsonNode usage = root.path("usage");
    JsonNode kaiseki = root.path(KaisekiFields.NAME);
    int prompt = count(usage.path("prompt_tokens"));
    int cached = Math.min(prompt, count(usage.path("prompt_tokens_details").path("cached_tokens")));
    int prefix = Math.min(prompt, kaiseki.path(KaisekiFields.PREFIX_TOKENS).asInt(cached));
    int output = count(usage.path("completion_tokens"));
    int reasoning =
        Math.min(output, count(usage.path("completion_tokens_details").path("reasoning_tokens")));
    return new TokenUsage(
        prefix,
        cached > 0,
        prompt - prefix,
        reasoning,
        output - reasoning,
        count(kaiseki.path(KaisekiFields.FORCED_TOKENS)));
  }

  private static int count(JsonNode number) {
    return Math.max(0, number.asInt(0));
  }
}
