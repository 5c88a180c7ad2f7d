package io.kaiseki.pipelines.bench.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.pipelines.bench.arm.Relay;
import io.kaiseki.pipelines.bench.arm.RelayPass;
import io.kaiseki.pipelines.bench.workload.Workload;
import io.kaiseki.pipelines.config.DeliverySettings.Guarantee;
import io.kaiseki.pipelines.statistics.Spread;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What the pipeline costs beside a plain loop of consumer and producer.
 *
 * @param paced documents of a pass whose latency was measured
 * @param measured one for each pass, in any order
 * @param ending whether it came to its end
 */
public record OverheadReport(
    Workload workload, int paced, List<Measurement> measured, Ending ending) {

  private static final double MICROS_OF_A_MILLI = 1e3;

  /**
   * One pass.
   *
   * @param rate documents a second
   * @param latencies in microseconds
   */
  public record Measurement(
      Relay.Kind kind, Guarantee guarantee, double rate, Histogram latencies) {}

  public OverheadReport {
    measured = List.copyOf(measured);
  }

  /** Documents a second over the passes. */
  public Spread rate(Relay.Kind kind, Guarantee guarantee) {
    return Spread.of(
        measured.stream()
            .filter(one -> one.kind() == kind && one.guarantee() == guarantee)
            .map(Measurement::rate)
            .toList());
  }

  /** A percentile of the latencies of all passes together, in milliseconds. */
  public double latency(Relay.Kind kind, Guarantee guarantee, double percentile) {
    Histogram all = new Histogram(3);
    measured.stream()
        .filter(one -> one.kind() == kind && one.guarantee() == guarantee)
        .forEach(one -> all.add(one.latencies()));
    return all.getValueAtPercentile(percentile) / MICROS_OF_A_MILLI;
  }

  /** What the job adds to the latency of the loop at a percentile, in milliseconds. */
  public double added(Guarantee guarantee, double percentile) {
    return latency(Relay.Kind.PIPELINE, guarantee, percentile)
        - latency(Relay.Kind.LOOP, guarantee, percentile);
  }

  /** The report for people. */
  public String table() {
    StringBuilder out = new StringBuilder();
    String line = "%-14s  %-9s  %12s  %17s  %8s  %8s  %9s%n";
    out.append(
        String.format(
            Locale.ROOT,
            "%n%,d documents at once, then %,d at %d a second; median and extremes of %d rounds;"
                + " latencies in ms, from when a document is due until a read_committed consumer has"
                + " its result. Exactly once, results show with the commit of each second.%n%n",
            workload.documents().size(),
            paced,
            RelayPass.PACE,
            measured.size() / (Relay.Kind.values().length * Guarantee.values().length)));
    out.append(
        String.format(
            line, "delivery", "way", "documents/s", "extremes", "p50", "p99", "p99 added"));
    for (Guarantee guarantee : Guarantee.values()) {
      for (Relay.Kind kind : Relay.Kind.values()) {
        Spread rate = rate(kind, guarantee);
        out.append(
            String.format(
                Locale.ROOT,
                line,
                guarantee.word(),
                kind.word(),
                String.format(Locale.ROOT, "%,.0f", rate.median()),
                String.format(Locale.ROOT, "%,.0f - %,.0f", rate.least(), rate.greatest()),
                number(latency(kind, guarantee, 50)),
                number(latency(kind, guarantee, 99)),
                kind == Relay.Kind.LOOP ? "" : number(added(guarantee, 99))));
      }
    }
    return out.append(ending.line()).toString();
  }

  /** The report as JSON; latencies in milliseconds, rates in documents a second. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("cores", Runtime.getRuntime().availableProcessors());
    json.put("workload", workload.name());
    json.put("documents", workload.documents().size());
    json.put("pacedDocuments", paced);
    json.put("pacePerSecond", RelayPass.PACE);
    ending.addTo(json);
    ArrayNode rows = json.putArray("deliveries");
    for (Guarantee guarantee : Guarantee.values()) {
      ObjectNode row = rows.addObject().put("delivery", guarantee.word());
      for (Relay.Kind kind : Relay.Kind.values()) {
        ObjectNode way = row.putObject(kind.word());
        Spread rate = rate(kind, guarantee);
        way.put("documentsPerSecond", rate.median());
        way.put("least", rate.least());
        way.put("greatest", rate.greatest());
        way.put("p50", latency(kind, guarantee, 50));
        way.put("p99", latency(kind, guarantee, 99));
      }
      row.put("addedP50", added(guarantee, 50));
      row.put("addedP99", added(guarantee, 99));
    }
    return json;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%,.1f", value);
  }
}
