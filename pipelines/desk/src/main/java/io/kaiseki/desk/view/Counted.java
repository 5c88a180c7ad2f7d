package io.kaiseki.desk.view;

import io.kaiseki.desk.state.Minute;
import io.kaiseki.desk.topology.LatencyHistogram;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.HdrHistogram.Histogram;

/**
 * What was counted, in a form that adds up over partitions and instances.
 *
 * @param tallies numbers of documents by {@link io.kaiseki.desk.topology.Tallies} key
 * @param minutes what happened, in the order of time
 * @param partitions the partitions that it covers
 */
public record Counted(
    Map<String, Long> tallies, List<CountedMinute> minutes, Set<Integer> partitions) {

  /**
   * What happened in a minute.
   *
   * @param minute since 1970
   * @param latency its histogram as base 64; empty where there is none
   */
  public record CountedMinute(
      long minute,
      long received,
      long answered,
      long failed,
      long reviewed,
      long corrected,
      String latency) {

    static CountedMinute of(long minute, Minute counts) {
      ByteBuffer latency = counts.getLatency();
      return new CountedMinute(
          minute,
          counts.getReceived(),
          counts.getAnswered(),
          counts.getFailed(),
          counts.getReviewed(),
          counts.getCorrected(),
          latency == null ? "" : encode(latency));
    }

    /** Adds the latencies of this minute to a histogram. */
    void addLatencies(Histogram sum) {
      if (!latency.isEmpty()) {
        sum.add(LatencyHistogram.read(ByteBuffer.wrap(Base64.getDecoder().decode(latency))));
      }
    }

    private static String encode(ByteBuffer latency) {
      byte[] bytes = new byte[latency.remaining()];
      latency.duplicate().get(bytes);
      return Base64.getEncoder().encodeToString(bytes);
    }

    private CountedMinute plus(CountedMinute other) {
      Histogram sum = LatencyHistogram.empty();
      addLatencies(sum);
      other.addLatencies(sum);
      return new CountedMinute(
          minute,
          received + other.received,
          answered + other.answered,
          failed + other.failed,
          reviewed + other.reviewed,
          corrected + other.corrected,
          sum.getTotalCount() == 0 ? "" : encode(LatencyHistogram.write(sum)));
    }
  }

  /** Adds up. */
  static Counted sum(List<Counted> parts) {
    Map<String, Long> tallies = new HashMap<>();
    TreeMap<Long, CountedMinute> minutes = new TreeMap<>();
    Set<Integer> partitions = new TreeSet<>();
    for (Counted part : parts) {
      part.tallies().forEach((key, count) -> tallies.merge(key, count, Long::sum));
      part.minutes().forEach(minute -> minutes.merge(minute.minute(), minute, CountedMinute::plus));
      partitions.addAll(part.partitions());
    }
    return new Counted(tallies, new ArrayList<>(minutes.values()), partitions);
  }
}
