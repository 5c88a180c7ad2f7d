package io.kaiseki.pipelines.deadletters;

import io.kaiseki.schemas.DeadLetter;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Dead letters by reason, stage and analysis. Not safe for use by several threads. */
public final class LetterCounts {

  private final Map<Group, Tally> tallies =
      new TreeMap<>(
          Comparator.comparing(Group::reason)
              .thenComparing(Group::stage)
              .thenComparing(Group::analysis));
  private long unreadable;

  /** What letters have in common. */
  public record Group(String reason, String stage, String analysis) {}

  /**
   * The letters of a group.
   *
   * @param group what they have in common
   * @param letters how many
   * @param sentAgain how many of them have been sent again
   * @param first when the first of them was given up
   * @param last when the last of them was given up
   */
  public record Tally(Group group, long letters, long sentAgain, Instant first, Instant last) {

    private Tally plus(Tally other) {
      return new Tally(
          group,
          letters + other.letters,
          sentAgain + other.sentAgain,
          first.isBefore(other.first) ? first : other.first,
          last.isAfter(other.last) ? last : other.last);
    }
  }

  /** Counts a letter. */
  public void add(DeadLetter letter, boolean sentAgain) {
    Group group = new Group(letter.getReason().name(), letter.getStage(), letter.getAnalysis());
    Instant failed = letter.getFailedAt();
    tallies.merge(group, new Tally(group, 1, sentAgain ? 1 : 0, failed, failed), Tally::plus);
  }

  /** Counts a record that is no letter. */
  public void addUnreadable() {
    unreadable++;
  }

  /** All groups, by reason, then stage, then analysis. */
  public List<Tally> tallies() {
    return List.copyOf(tallies.values());
  }

  /** Letters in all. */
  public long letters() {
    return tallies.values().stream().mapToLong(Tally::letters).sum();
  }

  /** Records of the topic that are no letters. */
  public long unreadable() {
    return unreadable;
  }

  /** The counts for machines. */
  public Map<String, Object> report() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("deadLetters", letters());
    report.put("unreadable", unreadable);
    report.put("groups", tallies().stream().map(LetterCounts::report).toList());
    return report;
  }

  private static Map<String, Object> report(Tally tally) {
    Map<String, Object> group = new LinkedHashMap<>();
    group.put("reason", tally.group().reason());
    group.put("stage", tally.group().stage());
    group.put("analysis", tally.group().analysis());
    group.put("letters", tally.letters());
    group.put("sentAgain", tally.sentAgain());
    group.put("first", tally.first().toString());
    group.put("last", tally.last().toString());
    return group;
  }
}
