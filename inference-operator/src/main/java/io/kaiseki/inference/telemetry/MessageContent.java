package io.kaiseki.inference.telemetry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.opentelemetry.api.trace.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What was said, on a span, in the JSON that the conventions give it: for those only who ask for
 * it, since it holds documents. Where an analysis masks, it is the masked text.
 */
final class MessageContent {

  /** The variable that asks for it, as other instrumentations have it; {@code true} or a mode. */
  static final String VARIABLE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

  /** The same as a system property. */
  static final String PROPERTY = "otel.instrumentation.genai.capture-message-content";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private MessageContent() {}

  /** Whether this process shall show it on spans. */
  static boolean isAskedFor() {
    String asked = System.getProperty(PROPERTY, System.getenv(VARIABLE));
    return asked != null
        && switch (asked.strip().toLowerCase(java.util.Locale.ROOT)) {
          case "true", "span_only", "span_and_event" -> true;
          default -> false;
        };
  }

  /** Puts what the model is asked on the span. */
  static void ask(Span span, CompletionRequest request) {
    span.setAttribute(
        GenAi.SYSTEM_INSTRUCTIONS, json(List.of(part("text", request.analysis().instructions()))));
    span.setAttribute(
        GenAi.INPUT_MESSAGES,
        json(List.of(Map.of("role", "user", "parts", List.of(part("text", request.document()))))));
  }

  /** Puts what the model has thought and answered on the span. */
  static void answer(Span span, Completion completion) {
    List<Map<String, String>> parts = new ArrayList<>();
    if (completion.reasoning() != null) {
      parts.add(part("reasoning", completion.reasoning()));
    }
    parts.add(part("text", completion.answer().toString()));
    span.setAttribute(
        GenAi.OUTPUT_MESSAGES,
        json(
            List.of(
                Map.of(
                    "role",
                    "assistant",
                    "parts",
                    parts,
                    "finish_reason",
                    ModelSpan.finishReason(completion)))));
  }

  private static Map<String, String> part(String type, String content) {
    return Map.of("type", type, "content", content);
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("strings and lists have a form in JSON", e);
    }
  }
}
