package io.kaiseki.pipelines.deadletters;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What shall be sent again.
 *
 * @param filter which letters are meant
 * @param to topic for all of them; empty for the one that each came from
 * @param limit most letters to send; empty for all
 * @param maxAttempts attempts at which a letter stays where it is; at least 1
 * @param dryRun whether to say only what would be sent
 * @param batch most letters of one transaction, which ends earlier where their records are large;
 *     at least 1
 */
public record RedriveRequest(
    LetterFilter filter,
    Optional<String> to,
    OptionalLong limit,
    int maxAttempts,
    boolean dryRun,
    int batch) {

  /** Attempts at which a letter stays where it is, unless told otherwise. */
  public static final int DEFAULT_MAX_ATTEMPTS = 3;

  /** Most letters of one transaction, unless told otherwise. */
  public static final int DEFAULT_BATCH = 100;
}
