package io.kaiseki.pipelines.backfill;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a backfill has done.
 *
 * @param run its name
 * @param counts over all processes that have worked on the run
 * @param before what the processes before this one had done of it
 * @param time that this process's job ran
 * @param end how it ended
 */
public record BackfillResult(String run, Counts counts, Counts before, Duration time, End end) {

  /** How a backfill ended. */
  public enum End {
    /** Every document has an outcome. */
    COMPLETE,
    /** The job has ended, and its counts do not add up: a fault of the job. */
    INCOMPLETE,
    /** A stop was requested; the same command goes on. */
    STOPPED
  }

  /** Documents that got their outcome in this process, by the second. */
  public double documentsPerSecond() {
    return perSecond(counts.settled() - before.settled());
  }

  /** Tokens that the model worked on in this process, by the second. */
  public double tokensPerSecond() {
    return perSecond(counts.tokens() - before.tokens());
  }

  /** Whether every document has an outcome. */
  public boolean isComplete() {
    return end == End.COMPLETE;
  }

  /** The report for machines. */
  public Map<String, Object> report() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("run", run);
    report.put("complete", isComplete());
    report.put("documents", counts.of(Count.DOCUMENTS));
    report.put("results", counts.of(Count.RESULTS));
    report.put("deadLetters", counts.of(Count.DEAD_LETTERS));
    report.put("skipped", counts.of(Count.SKIPPED));
    report.put("before", before.settled());
    Map<String, Long> tokens = new LinkedHashMap<>();
    tokens.put("input", counts.of(Count.TOKENS_READ));
    tokens.put("reusedPrefix", counts.of(Count.TOKENS_REUSED));
    tokens.put("reasoning", counts.of(Count.TOKENS_REASONED));
    tokens.put("answer", counts.of(Count.TOKENS_ANSWERED));
    report.put("tokens", tokens);
    report.put("seconds", seconds());
    report.put("docsPerSecond", documentsPerSecond());
    report.put("tokensPerSecond", tokensPerSecond());
    return report;
  }

  /** Seconds of this process's job. */
  public double seconds() {
    return time.toMillis() / 1000.0;
  }

  private double perSecond(long number) {
    return seconds() == 0 ? 0 : number / seconds();
  }
}
