package io.kaiseki.inference.telemetry;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/**
 * Names of OpenTelemetry's semantic conventions for generative AI, with those that are ours beside
 * them, and the instance that the library speaks to.
 */
public final class GenAi {

  /** Name of the instrumentation. */
  public static final String SCOPE = "io.kaiseki.inference";

  public static final AttributeKey<String> OPERATION =
      AttributeKey.stringKey("gen_ai.operation.name");
  public static final AttributeKey<String> PROVIDER =
      AttributeKey.stringKey("gen_ai.provider.name");
  public static final AttributeKey<String> REQUEST_MODEL =
      AttributeKey.stringKey("gen_ai.request.model");
  public static final AttributeKey<String> OUTPUT_TYPE =
      AttributeKey.stringKey("gen_ai.output.type");
  public static final AttributeKey<String> TOKEN_TYPE = AttributeKey.stringKey("gen_ai.token.type");
  public static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  static final AttributeKey<List<String>> FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
  static final AttributeKey<Long> INPUT_TOKENS = AttributeKey.longKey("gen_ai.usage.input_tokens");
  static final AttributeKey<Long> CACHED_TOKENS =
      AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");
  static final AttributeKey<Long> OUTPUT_TOKENS =
      AttributeKey.longKey("gen_ai.usage.output_tokens");
  static final AttributeKey<Long> REASONING_TOKENS =
      AttributeKey.longKey("gen_ai.usage.reasoning.output_tokens");
  static final AttributeKey<String> SYSTEM_INSTRUCTIONS =
      AttributeKey.stringKey("gen_ai.system_instructions");
  static final AttributeKey<String> INPUT_MESSAGES =
      AttributeKey.stringKey("gen_ai.input.messages");
  static final AttributeKey<String> OUTPUT_MESSAGES =
      AttributeKey.stringKey("gen_ai.output.messages");

  public static final AttributeKey<String> ANALYSIS =
      AttributeKey.stringKey("kaiseki.analysis.name");
  public static final AttributeKey<String> ANALYSIS_VERSION =
      AttributeKey.stringKey("kaiseki.analysis.version");
  public static final AttributeKey<String> DOCUMENT_ID =
      AttributeKey.stringKey("kaiseki.document.id");
  public static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("kaiseki.attempts");
  static final AttributeKey<String> LANE = AttributeKey.stringKey("kaiseki.lane");
  static final AttributeKey<Boolean> REUSED = AttributeKey.booleanKey("kaiseki.answer.reused");
  static final AttributeKey<Long> FORCED_TOKENS =
      AttributeKey.longKey("kaiseki.answer.forced_tokens");
  static final AttributeKey<Long> TOKENS = AttributeKey.longKey("kaiseki.tokens");

  /** The operation of every request: a prompt in the format of a chat, and its answer. */
  public static final String CHAT = "chat";

  private static final String GLOBAL_AUTOCONFIGURE = "otel.java.global-autoconfigure.enabled";

  private GenAi() {}

  /**
   * What the process has set up, or else what does nothing. Where {@code
   * otel.java.global-autoconfigure.enabled} is set, as on a cluster that has the SDK among its
   * libraries, the SDK sets itself up at the first call.
   */
  public static OpenTelemetry openTelemetry() {
    boolean setsItselfUp =
        Boolean.getBoolean(GLOBAL_AUTOCONFIGURE)
            || Boolean.parseBoolean(System.getenv("OTEL_JAVA_GLOBAL_AUTOCONFIGURE_ENABLED"));
    // Asking for it where nobody has set it up would fix that nothing is heard for good.
    return setsItselfUp ? GlobalOpenTelemetry.get() : GlobalOpenTelemetry.getOrNoop();
  }
}
