package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.ModelSettings;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.job.AnalysisJob;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.SchemaIds;
import java.util.Optional;

/** The job of {@code kaiseki run} on an engine that answers at once. */
final class PipelineRelay implements Relay {

  /** Those of a usual engine; the operator takes two to three times as many documents at a time. */
  static final int SLOTS = 8;

  /** Settings of a model that is never loaded. */
  static final ModelSettings NO_MODEL =
      new ModelSettings(Optional.empty(), "", SLOTS, 0, 0, 0, "", 0);

  private final JobRun run;

  PipelineRelay(AnalysisDefinition definition, JobSettings settings, SchemaIds schemas) {
    run =
        JobRun.start(
            new AnalysisJob(definition, settings, InstantEngine.source(), schemas),
            new JobRun.Restore.Nothing());
  }

  @Override
  public void check() {
    if (run.result().isDone()) {
      throw new ArmFailedException(
          "the job ended by itself: " + run.result().handle((ended, failure) -> failure).join());
    }
  }

  @Override
  public void close() {
    run.close();
  }
}
