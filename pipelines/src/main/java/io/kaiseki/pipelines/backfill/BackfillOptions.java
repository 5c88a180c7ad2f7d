package io.kaiseki.pipelines.backfill;

import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.schemas.digest.Sha256;
import java.util.List;
import java.util.Optional;

/**
 * What a backfill shall do.
 *
 * @param source what it goes through
 * @param again whether documents that have a result already are analysed again
 * @param run name of the run, where the user gave one
 */
public record BackfillOptions(BackfillSource source, boolean again, Optional<String> run) {

  private static final int NAME_DIGITS = 8;

  /** Longest name of an analysis within the name of a run. */
  private static final int ANALYSIS_CHARACTERS = 40;

  /**
   * Name of the run: that of the same command is the same, and that of another one is not. It is
   * the name of the job too, and of its transactions.
   */
  public String runName(AnalysisDefinition definition) {
    String analysis = definition.name();
    return run.orElseGet(
        () ->
            "backfill-"
                + analysis.substring(0, Math.min(ANALYSIS_CHARACTERS, analysis.length()))
                + "-"
                + fingerprint(definition).substring(0, NAME_DIGITS));
  }

  /** Stands for all that decides which outcomes the run has. */
  String fingerprint(AnalysisDefinition definition) {
    return Sha256.hexOfParts(
        List.of(
            definition.name(),
            definition.version(),
            definition.topics().toString(),
            source.toString(),
            String.valueOf(again)));
  }
}
