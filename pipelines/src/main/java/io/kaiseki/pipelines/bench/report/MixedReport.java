package io.kaiseki.pipelines.bench.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.bench.workload.Workload;
import io.kaiseki.pipelines.statistics.Spread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What live documents over a backfill have measured.
 *
 * @param liveShare rate of live documents as a part of what the machine managed in that round
 * @param arrivals when they came, in a word
 * @param measured by number of slots
 * @param ending whether it came to its end
 */
public record MixedReport(
    LlamaCppSettings settings,
    Workload workload,
    double liveShare,
    String arrivals,
    Map<Integer, Measurement> measured,
    Ending ending) {

  private static final int DIGITS = 3;
  private static final double MICROS = 1e6;

  public MixedReport {
    measured = new TreeMap<>(measured);
  }

  /** An empty histogram of latencies in microseconds. */
  public static Histogram histogram() {
    return new Histogram(DIGITS);
  }

  /**
   * All rounds with one number of slots.
   *
   * @param alone latencies of live documents alone, in microseconds
   * @param over latencies of live documents over the backfill, in microseconds
   * @param idle documents a second of the backfill alone, for each round
   * @param beside documents a second of the backfill while live documents came, for each round
   */
  public record Measurement(
      Histogram alone, Histogram over, List<Double> idle, List<Double> beside) {

    /** Without a round. */
    public static Measurement empty() {
      return new Measurement(histogram(), histogram(), new ArrayList<>(), new ArrayList<>());
    }

    /** Takes the rounds of another one as well. */
    public void add(Measurement more) {
      alone.add(more.alone);
      over.add(more.over);
      idle.addAll(more.idle);
      beside.addAll(more.beside);
    }

    /** What the backfill keeps of its rate: the median over the rounds. */
    public Spread kept() {
      List<Double> shares = new ArrayList<>();
      for (int i = 0; i < idle.size(); i++) {
        shares.add(beside.get(i) / idle.get(i));
      }
      return Spread.of(shares);
    }
  }

  /** A percentile of a histogram of this report, in seconds. */
  public static double seconds(Histogram latencies, double percentile) {
    return latencies.getValueAtPercentile(percentile) / MICROS;
  }

  /** The report for people. */
  public String table() {
    StringBuilder out = new StringBuilder();
    String line = "%5s  %9s  %10s  %10s  %10s  %10s  %12s  %12s  %6s%n";
    out.append(
        String.format(
            Locale.ROOT,
            "%nLive documents (%s) at %.0f%% of what the backfill alone manages; latencies in"
                + " seconds, from when a document is due to its answer%n%n",
            arrivals,
            100 * liveShare));
    out.append(
        String.format(
            Locale.ROOT,
            line,
            "slots",
            "live docs",
            "p50 alone",
            "p99 alone",
            "p50 over",
            "p99 over",
            "backfill/s",
            "beside live",
            "kept"));
    measured.forEach(
        (slots, one) ->
            out.append(
                String.format(
                    Locale.ROOT,
                    line,
                    slots,
                    one.over().getTotalCount(),
                    number(seconds(one.alone(), 50)),
                    number(seconds(one.alone(), 99)),
                    number(seconds(one.over(), 50)),
                    number(seconds(one.over(), 99)),
                    number(Spread.of(one.idle()).median()),
                    number(Spread.of(one.beside()).median()),
                    String.format(Locale.ROOT, "%.0f%%", 100 * one.kept().median()))));
    return out.append(ending.line()).toString();
  }

  /** The report as JSON; latencies in seconds, rates in documents a second. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("model", String.valueOf(Path.of(settings.modelFile()).getFileName()));
    json.put("library", settings.library());
    json.put("threads", settings.computeThreads());
    json.put("cores", Runtime.getRuntime().availableProcessors());
    json.put("workload", workload.name());
    json.put("liveShare", liveShare);
    json.put("arrivals", arrivals);
    ending.addTo(json);
    ArrayNode rows = json.putArray("slots");
    measured.forEach(
        (slots, one) -> {
          ObjectNode row = rows.addObject().put("slots", slots);
          latencies(row.putObject("liveAlone"), one.alone());
          latencies(row.putObject("liveOverBackfill"), one.over());
          spread(row.putObject("backfillAlone"), Spread.of(one.idle()));
          spread(row.putObject("backfillBesideLive"), Spread.of(one.beside()));
          spread(row.putObject("backfillKept"), one.kept());
        });
    return json;
  }

  private static void latencies(ObjectNode json, Histogram latencies) {
    json.put("documents", latencies.getTotalCount());
    json.put("p50", seconds(latencies, 50));
    json.put("p99", seconds(latencies, 99));
    json.put("greatest", seconds(latencies, 100));
  }

  private static void spread(ObjectNode json, Spread spread) {
    json.put("median", spread.median());
    json.put("least", spread.least());
    json.put("greatest", spread.greatest());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
