package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.ReasoningPolicy;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What the engine's thread allocates on the Java heap, as the JVM counts it to the byte. */
class AllocationIT {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Classes are loaded, call sites linked and buffers grown. */
  private static final int WARM_UP = 100;

  private static final int MEASURED = 200;

  /**
   * Some 380 were measured, all that a document costs besides shared out. Ten times that leaves
   * room for a JVM that has not compiled everything yet; a copy of the logits for each token does
   * not fit.
   */
  private static final long MOST_BYTES_PER_TOKEN = 4_096;

  @Test
  void a_decoded_token_costs_little_garbage() throws Exception {
    Analysis analysis =
        Requests.analysis(
            "allocation",
            Requests.schema(
                """
                {"type": "record", "name": "Note", "fields": [
                  {"name": "text", "type": "string", "maxLength": 200}]}
                """),
            ReasoningPolicy.OFF);
    try (InferenceEngine engine =
        LlamaCppEngine.source(Requests.settings(TinyModel.narrow(), 1, 4_128)).acquire()) {
      long thread = engineThread();
      run(engine, analysis, 0, WARM_UP);
      EngineStatistics before = engine.statistics();
      long bytesBefore = THREADS.getThreadAllocatedBytes(thread);
      run(engine, analysis, WARM_UP, MEASURED);
      long bytes = THREADS.getThreadAllocatedBytes(thread) - bytesBefore;
      EngineStatistics after = engine.statistics();
      long steps = after.decodes() - before.decodes();
      long tokens = after.answerTokens() - before.answerTokens();
      System.out.printf(
          "event=allocation bytesPerDocument=%d bytesPerStep=%d bytesPerAnswerToken=%d"
              + " answerTokensPerDocument=%d%n",
          bytes / MEASURED, bytes / steps, bytes / tokens, tokens / MEASURED);

      assertThat(steps).as("steps of one token each").isGreaterThan(10L * MEASURED);
      assertThat(bytes / tokens).as("bytes per answer token").isLessThan(MOST_BYTES_PER_TOKEN);
    }
  }

  private static void run(InferenceEngine engine, Analysis analysis, int from, int count)
      throws Exception {
    for (int i = from; i < from + count; i++) {
      Requests.answered(engine.submit(Requests.request(analysis, "d" + i, "Parcel " + i)));
    }
  }

  private static long engineThread() {
    return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
        .filter(info -> info != null && info.getThreadName().equals("kaiseki-engine"))
        .mapToLong(info -> info.getThreadId())
        .max()
        .orElseThrow();
  }
}
