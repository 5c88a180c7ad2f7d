package io.kaiseki.pipelines.demo;

import io.kaiseki.inference.EngineDescription;
import io.kaiseki.pipelines.demo.DemoListener.Phase;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a demo has shown.
 *
 * @param tally what was sent and what came out, counted at the sink topics
 * @param phases how long each phase took
 * @param engine what answered
 */
public record DemoResult(Tally tally, Map<Phase, Duration> phases, EngineDescription engine) {

  /** Documents with an outcome, by the second, from the first sent to the last read. */
  public double documentsPerSecond() {
    double seconds = seconds(tally.span());
    return seconds == 0 ? 0 : (tally.results() + tally.deadLetters()) / seconds;
  }

  /** The report for machines. */
  public Map<String, Object> report() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("documents", tally.documents());
    report.put("results", tally.results());
    report.put("deadLetters", tally.deadLetters());
    report.put("duplicates", tally.duplicates());
    report.put("docsPerSecond", documentsPerSecond());
    report.put("tokens", tally.tokens());
    Map<String, Double> seconds = new LinkedHashMap<>();
    phases.forEach((phase, time) -> seconds.put(phase.key(), seconds(time)));
    report.put("seconds", seconds);
    report.put("deadLettersByReason", tally.deadByReason());
    report.put(
        "latencyMillis",
        Map.of(
            "p50", tally.latencyMillis().getValueAtPercentile(50),
            "p95", tally.latencyMillis().getValueAtPercentile(95),
            "p99", tally.latencyMillis().getValueAtPercentile(99)));
    report.put(
        "model",
        Map.of("name", engine.model(), "sha256", engine.modelSha256(), "build", engine.build()));
    return report;
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
