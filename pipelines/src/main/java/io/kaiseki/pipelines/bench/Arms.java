package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.gguf.InvalidModelFileException;
import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.llamacpp.ModelMemory;
import io.kaiseki.pipelines.bench.arm.Arm;
import io.kaiseki.pipelines.bench.arm.ArmChoice;
import io.kaiseki.pipelines.bench.arm.ArmKind;
import io.kaiseki.pipelines.bench.arm.EngineArm;
import io.kaiseki.pipelines.bench.arm.LlamaModelArm;
import io.kaiseki.pipelines.bench.arm.OpenAiArm;
import io.kaiseki.pipelines.bench.arm.PipelineArm;
import io.kaiseki.pipelines.bench.arm.PipelineServices;
import io.kaiseki.pipelines.bench.arm.SequentialArm;
import io.kaiseki.pipelines.bench.arm.Sizing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The arms of a plan, and what they share. */
final class Arms implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Arms.class);

  private final BenchPlan plan;
  private final Sizing sizing;
  private final PipelineServices services;
  private final List<Arm> all = new ArrayList<>();

  Arms(BenchPlan plan, Sizing sizing) {
    this.plan = plan;
    this.sizing = sizing;
    this.services = new PipelineServices(plan.directory());
    for (ArmChoice choice : plan.arms()) {
      choice.slots().forEach(count -> all.add(arm(choice.kind(), count)));
    }
  }

  List<Arm> all() {
    return List.copyOf(all);
  }

  @Override
  public void close() {
    for (AutoCloseable resource : all) {
      close(resource);
    }
    close(services);
  }

  private Arm arm(ArmKind kind, int slots) {
    LlamaCppSettings settings = EngineArm.withSlots(plan.settings(), slots);
    return switch (kind) {
      case ENGINE, ENGINE_ARRAY, ENGINE_WITHOUT_CONFIDENCE ->
          new EngineArm(kind, settings, plan.cold());
      case SEQUENTIAL -> new SequentialArm(settings, sizing);
      case PIPELINE -> new PipelineArm(settings, services);
      case LLAMA_MODEL ->
          new LlamaModelArm(settings, sizing, plan.directory(), plan.cold(), this::memoryToSpare);
      case OPENAI -> new OpenAiArm(plan.openAi().orElseThrow(), slots, sizing, plan.cold());
    };
  }

  /** Whether the largest engine would fit into what is free now. */
  private boolean memoryToSpare() {
    LlamaCppSettings largest =
        EngineArm.withSlots(plan.settings(), plan.slots().get(plan.slots().size() - 1));
    try {
      return ModelMemory.shortage(largest, ModelFile.open(Path.of(largest.modelFile()))).isEmpty();
    } catch (InvalidModelFileException e) {
      return false;
    }
  }

  /** Ends a part of a bench. A failure goes to the log only: it must cost no report. */
  static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      // The others shall end all the same.
      LOG.warn("a part of the bench could not be ended: {}", e.toString(), e);
    }
  }
}
