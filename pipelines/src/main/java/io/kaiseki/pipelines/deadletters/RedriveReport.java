package io.kaiseki.pipelines.deadletters;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What became of the letters of a redrive. Not safe for use by several threads. */
public final class RedriveReport {

  /** Letters that are told one by one; beyond, they are only counted. */
  private static final int LISTED = 1_000;

  private final Map<Fate, Long> fates = new EnumMap<>(Fate.class);
  private final List<KeptBack> keptBack = new ArrayList<>();
  private final List<NoLetter> noLetters = new ArrayList<>();
  private final boolean dryRun;
  private long unreadable;

  RedriveReport(boolean dryRun) {
    this.dryRun = dryRun;
  }

  /**
   * A letter that was meant and is not sent, though not for want of a limit.
   *
   * @param position where it stands among the dead letters, as {@code partition@offset}
   * @param source where its record came from
   * @param reason why its document was given up
   * @param fate why it is not sent
   * @param why the same with figures, and what to do
   */
  public record KeptBack(String position, String source, String reason, Fate fate, String why) {}

  /**
   * A record of the topic that is no letter, or one that can't be read.
   *
   * @param position where it stands among the dead letters, as {@code partition@offset}
   * @param why what is wrong with it; never holds its content
   */
  public record NoLetter(String position, String why) {}

  void note(Fate fate) {
    fates.merge(fate, 1L, Long::sum);
  }

  void keepBack(StoredLetter letter, Fate fate, String why) {
    note(fate);
    if (keptBack.size() < LISTED) {
      keptBack.add(
          new KeptBack(
              letter.position(), letter.source(), letter.letter().getReason().name(), fate, why));
    }
  }

  void noteUnreadable(String position, String why) {
    unreadable++;
    if (noLetters.size() < LISTED) {
      noLetters.add(new NoLetter(position, why));
    }
  }

  /** How many letters met this fate. */
  public long count(Fate fate) {
    return fates.getOrDefault(fate, 0L);
  }

  /** Letters that are not sent, though not for want of a limit; the first thousand. */
  public List<KeptBack> keptBack() {
    return List.copyOf(keptBack);
  }

  /** How many records of the topic are no letters. */
  public long unreadable() {
    return unreadable;
  }

  /** Records of the topic that are no letters; the first thousand. */
  public List<NoLetter> noLetters() {
    return List.copyOf(noLetters);
  }

  /** Whether nothing was sent because nothing was to be. */
  public boolean dryRun() {
    return dryRun;
  }

  /**
   * Whether there are letters that somebody must do something about. What can't be read may be one,
   * whichever were meant.
   */
  public boolean hasProblems() {
    return unreadable > 0 || fates.keySet().stream().anyMatch(Fate::isProblem);
  }

  /** The report for machines. */
  public Map<String, Object> report() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("dryRun", dryRun);
    Map<String, Long> letters = new LinkedHashMap<>();
    for (Fate fate : Fate.values()) {
      letters.put(fate.name().toLowerCase(Locale.ROOT), count(fate));
    }
    report.put("letters", letters);
    report.put("unreadable", unreadable);
    report.put("noLetters", noLetters);
    report.put("keptBack", keptBack);
    return report;
  }
}
