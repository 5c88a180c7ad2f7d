package io.kaiseki.desk.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kaiseki.desk.topology.LatencyHistogram;
import io.kaiseki.desk.topology.Minutes;
import io.kaiseki.desk.topology.Tallies;
import io.kaiseki.desk.view.Counted.CountedMinute;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The counts, as people read them.
 *
 * @param status documents by where they stand
 * @param unsure open documents with an unsure result
 * @param open open documents by the values of closed fields
 * @param failed failed documents by reason
 * @param versions documents by what made their result, the most first
 * @param agreement how often people agreed with the model
 * @param minutes the last hour, minute by minute, the current one last
 * @param hour the last hour as a whole
 * @param day the last 24 hours as a whole
 */
public record Statistics(
    Map<String, Long> status,
    long unsure,
    Map<String, Map<String, Long>> open,
    Map<String, Long> failed,
    List<MadeBy> versions,
    Agreement agreement,
    List<Flow> minutes,
    Window hour,
    Window day) {

  private static final int MINUTES = 60;
  private static final Duration DAY = Duration.ofDays(1);

  /** How far back the counts must reach for {@link #of}. */
  public static final Duration NEEDED = DAY;

  /** What made results. */
  public record MadeBy(String model, String build, String analysisVersion, long documents) {}

  /**
   * How often people agreed with the model.
   *
   * @param agreed reviewed fields that it had right
   * @param corrected reviewed fields that it had wrong
   * @param rate the share of the first; null where nobody has reviewed anything
   * @param fields the same by field
   * @param confusions what was taken for what, the most frequent first
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Agreement(
      long agreed,
      long corrected,
      @Nullable Double rate,
      Map<String, FieldAgreement> fields,
      List<Confusion> confusions) {}

  /** The same for one field. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record FieldAgreement(long agreed, long corrected, @Nullable Double rate) {}

  /** What the model said, and what was right; both empty for free text. */
  public record Confusion(String field, String answered, String right, long count) {}

  /** What happened in a minute. */
  public record Flow(
      Instant at, long received, long answered, long failed, long reviewed, long corrected) {}

  /**
   * What happened in a stretch of time.
   *
   * @param latency from received to the first result; null where there is none
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Window(
      long received,
      long answered,
      long failed,
      long reviewed,
      long corrected,
      @Nullable Latency latency) {}

  /** Percentiles in milliseconds. */
  public record Latency(long count, long p50, long p90, long p99, long max) {}

  /** Makes them of what was counted in the last {@link #NEEDED}. */
  public static Statistics of(Counted counted, Instant now) {
    Map<String, Long> status = new TreeMap<>();
    Map<String, Map<String, Long>> open = new TreeMap<>();
    Map<String, Long> failed = new TreeMap<>();
    List<MadeBy> versions = new ArrayList<>();
    AgreementSum agreement = new AgreementSum();
    long unsure = 0;
    for (Map.Entry<String, Long> tally : counted.tallies().entrySet()) {
      List<String> key = Tallies.parts(tally.getKey());
      long count = tally.getValue();
      switch (key.get(0)) {
        case Tallies.STATUS -> status.put(key.get(1), count);
        case Tallies.UNSURE -> unsure = count;
        case Tallies.OPEN ->
            open.computeIfAbsent(key.get(1), field -> new TreeMap<>())
                .put(shown(key.get(2)), count);
        case Tallies.FAILED -> failed.put(key.get(1), count);
        case Tallies.VERSION -> versions.add(new MadeBy(key.get(1), key.get(2), key.get(3), count));
        case Tallies.AGREED -> agreement.agreed(key.get(1), count);
        case Tallies.CORRECTED ->
            agreement.corrected(key.get(1), shown(key.get(2)), shown(key.get(3)), count);
        default -> throw new IllegalStateException("a tally of no kind: " + key);
      }
    }
    versions.sort(Comparator.comparingLong(MadeBy::documents).reversed());
    long current = Minutes.minute(now);
    return new Statistics(
        status,
        unsure,
        open,
        failed,
        versions,
        agreement.sum(),
        flows(counted.minutes(), current),
        window(counted.minutes(), current - MINUTES),
        window(counted.minutes(), current - DAY.toMinutes()));
  }

  private static List<Flow> flows(List<CountedMinute> minutes, long current) {
    Map<Long, CountedMinute> byMinute = new HashMap<>();
    minutes.forEach(minute -> byMinute.put(minute.minute(), minute));
    List<Flow> flows = new ArrayList<>();
    for (long minute = current - MINUTES + 1; minute <= current; minute++) {
      CountedMinute one =
          byMinute.getOrDefault(minute, new CountedMinute(minute, 0, 0, 0, 0, 0, ""));
      flows.add(
          new Flow(
              Instant.ofEpochSecond(minute * 60),
              one.received(),
              one.answered(),
              one.failed(),
              one.reviewed(),
              one.corrected()));
    }
    return flows;
  }

  private static Window window(List<CountedMinute> minutes, long after) {
    Histogram latencies = LatencyHistogram.empty();
    long[] sums = new long[5];
    for (CountedMinute minute : minutes) {
      if (minute.minute() > after) {
        minute.addLatencies(latencies);
        sums[0] += minute.received();
        sums[1] += minute.answered();
        sums[2] += minute.failed();
        sums[3] += minute.reviewed();
        sums[4] += minute.corrected();
      }
    }
    return new Window(
        sums[0],
        sums[1],
        sums[2],
        sums[3],
        sums[4],
        latencies.getTotalCount() == 0
            ? null
            : new Latency(
                latencies.getTotalCount(),
                latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(90),
                latencies.getValueAtPercentile(99),
                latencies.getMaxValue()));
  }

  private static String shown(String value) {
    return value.equals(Tallies.NULL) ? RowQuery.NULL : value;
  }

  /** Adds agreement up. */
  private static final class AgreementSum {

    private final Map<String, long[]> fields = new TreeMap<>();
    private final List<Confusion> confusions = new ArrayList<>();

    void agreed(String field, long count) {
      fields.computeIfAbsent(field, key -> new long[2])[0] += count;
    }

    void corrected(String field, String answered, String right, long count) {
      fields.computeIfAbsent(field, key -> new long[2])[1] += count;
      confusions.add(new Confusion(field, answered, right, count));
    }

    Agreement sum() {
      long agreed = 0;
      long corrected = 0;
      Map<String, FieldAgreement> byField = new TreeMap<>();
      for (Map.Entry<String, long[]> field : fields.entrySet()) {
        long[] counts = field.getValue();
        agreed += counts[0];
        corrected += counts[1];
        byField.put(
            field.getKey(), new FieldAgreement(counts[0], counts[1], rate(counts[0], counts[1])));
      }
      confusions.sort(Comparator.comparingLong(Confusion::count).reversed());
      return new Agreement(agreed, corrected, rate(agreed, corrected), byField, confusions);
    }

    private static @Nullable Double rate(long agreed, long corrected) {
      return agreed + corrected == 0 ? null : (double) agreed / (agreed + corrected);
    }
  }
}
