package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.llamacpp.ModelRates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a bench has measured.
 *
 * @param runs passes for each number of slots
 */
public record BenchReport(
    String model, String workload, ModelRates rates, Map<Integer, List<EngineRun>> runs) {

  /**
   * One number of slots.
   *
   * @param median documents a second, the median of the passes
   * @param least the slowest pass
   * @param greatest the fastest pass
   * @param ceiling documents a second that the machine's own rates would allow
   */
  public record Row(
      int slots, double median, double least, double greatest, double ceiling, EngineRun tokens) {
    /** How much of the ceiling is reached. */
    public double share() {
      return median / ceiling;
    }
  }

  /** A row for each number of slots, in ascending order. */
  public List<Row> rows() {
    return runs.entrySet().stream().map(entry -> row(entry.getKey(), entry.getValue())).toList();
  }

  private Row row(int slots, List<EngineRun> passes) {
    List<Double> sorted = passes.stream().map(EngineRun::rate).sorted().toList();
    EngineRun tokens = passes.get(0);
    return new Row(
        slots,
        sorted.get(sorted.size() / 2),
        sorted.get(0),
        sorted.get(sorted.size() - 1),
        ceiling(slots, tokens),
        tokens);
  }

  private double ceiling(int slots, EngineRun tokens) {
    double seconds =
        (tokens.read() + tokens.forced()) / rates.prefill()
            + (tokens.sampled() + tokens.reasoned()) / rates.decode(slots);
    return tokens.documents() / seconds;
  }

  /** The report as it is written to a file. */
  public Map<String, Object> asMap() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("model", model);
    report.put("workload", workload);
    report.put("prefillTokensPerSecond", rates.prefill());
    report.put("decodeTokensPerSecond", rates.decode());
    report.put("engine", rows());
    return report;
  }
}
