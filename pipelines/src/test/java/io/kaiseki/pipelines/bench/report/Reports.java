package io.kaiseki.pipelines.bench.report;

import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.llamacpp.ModelRates;
import io.kaiseki.pipelines.bench.arm.ArmKind;
import io.kaiseki.pipelines.bench.arm.Pass;
import io.kaiseki.pipelines.bench.arm.Sizing;
import io.kaiseki.pipelines.bench.arm.TokenTotals;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;

/** Measurements as they could have been, for the arithmetic behind them. */
final class Reports {

  static final Workload WORKLOAD = Workload.named("triage", 4).orElseThrow();

  private Reports() {}

  /**
   * Reads 100 tokens a second, 80 behind instructions; decodes 10 alone and 40 with four at once.
   */
  static ModelRates rates(double factor) {
    return new ModelRates(
        100 * factor, 80 * factor, new TreeMap<>(Map.of(1, 10.0 * factor, 4, 40.0 * factor)));
  }

  static BenchReport report(List<ModelRates> rates, ArmMeasurement... arms) {
    return new BenchReport(
        LlamaCppSettings.of("models/<&\"'>.gguf"),
        WORKLOAD,
        new Sizing(400, 250, 0, 300, 150, 80, "b4916"),
        rates,
        Optional.empty(),
        List.of(arms),
        false,
        false);
  }

  /** An arm that took so many seconds for the four documents, in each of its passes. */
  static ArmMeasurement arm(ArmKind kind, int slots, double... seconds) {
    return new ArmMeasurement(
        kind,
        slots,
        Arrays.stream(seconds)
            .mapToObj(
                time ->
                    new Pass(
                        time,
                        kind == ArmKind.LLAMA_MODEL
                            ? Optional.empty()
                            : Optional.of(new TokenTotals(4, 0, 300, 30, 50, 100)),
                        Optional.empty(),
                        IntStream.range(0, 4).mapToObj(i -> answer("low", "text " + i)).toList()))
            .toList(),
        Optional.empty());
  }

  static ArmMeasurement failed(ArmKind kind, int slots, String reason) {
    return new ArmMeasurement(kind, slots, List.of(), Optional.of(reason));
  }

  static GenericRecord answer(String urgency, String summary) {
    return WORKLOAD
        .analysis()
        .contract()
        .read(
            ("{\"sentiment\":\"mixed\",\"urgency\":\""
                    + urgency
                    + "\",\"category\":\"other\",\"needsHuman\":true,\"product\":\"p\",\"summary\":\""
                    + summary
                    + "\"}")
                .getBytes(StandardCharsets.UTF_8));
  }
}
