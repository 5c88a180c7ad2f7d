package io.kaiseki.pipelines.backfill;

/** What a backfill counts, over all processes that have worked on the run. */
public enum Count {
  /** Documents read, and what could not be read as one. */
  DOCUMENTS,
  /** Documents that had a result already. */
  SKIPPED,
  RESULTS,
  DEAD_LETTERS,
  /** Tokens of documents, and of instructions where those had to be read for one. */
  TOKENS_READ,
  /** Tokens of instructions that were shared. */
  TOKENS_REUSED,
  TOKENS_REASONED,
  TOKENS_ANSWERED
}
