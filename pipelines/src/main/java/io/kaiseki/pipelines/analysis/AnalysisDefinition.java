package io.kaiseki.pipelines.analysis;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.AnalysisVersion;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.cascade.CascadeEngine;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.openai.OpenAiEngine;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.routing.Route;
import io.kaiseki.pipelines.routing.Router;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;

/**
 * An analysis as it was loaded: checked, with defaults and overrides applied.
 *
 * @param name stable name, such as {@code ticket-triage}
 * @param title name for people
 * @param description what it is for, for people; may be empty
 * @param instructions what the model is told, with line ends and blank edges normalised
 * @param contract the compiled schema of the answer
 * @param topics where documents come from and results go
 * @param model the model and how it is run
 * @param reasoning how much the model may think
 * @param limits what one document may take
 * @param handling how documents are put before the model, and how much of its thinking comes out
 * @param ordered whether results keep the order of their documents
 * @param routes where else results go, by what they say
 */
public record AnalysisDefinition(
    String name,
    String title,
    String description,
    String instructions,
    Contract contract,
    AnalysisTopics topics,
    ModelSettings model,
    ReasoningPolicy reasoning,
    AnalysisLimits limits,
    DocumentHandling handling,
    boolean ordered,
    List<Route> routes) {

  public AnalysisDefinition {
    routes = List.copyOf(routes);
  }

  /**
   * Identifies the question that documents are asked: the SHA-256, in hex, of the instructions, the
   * result schema with its docs and bounds, the layout of the answer, the reasoning policy, and,
   * where they are not the defaults, what becomes of long documents and what is masked.
   *
   * <p>It leaves out what is not part of the question. Names, topics, limits and order change no
   * answer. The model does, but a result's provenance names it by the hash of its file, so that the
   * same version under two models stays comparable; slots, threads and batches only change how fast
   * answers come, apart from the rounding that comes with the shape of a batch.
   */
  public String version() {
    return AnalysisVersion.of(
        instructions, contract, reasoning, handling.longDocuments(), handling.masking());
  }

  /** The same question under another reasoning policy. */
  public AnalysisDefinition withReasoning(ReasoningPolicy policy) {
    return new AnalysisDefinition(
        name,
        title,
        description,
        instructions,
        contract,
        topics,
        model,
        policy,
        limits,
        handling,
        ordered,
        routes);
  }

  /** The schema of the answer. */
  public Schema resultSchema() {
    return contract.schema();
  }

  /** Applies the routes. */
  public Router toRouter() {
    return new Router(routes, contract);
  }

  /** What the inference operator asks of every document. */
  public Analysis toAnalysis() {
    return new Analysis(
        name,
        version(),
        instructions,
        contract,
        reasoning,
        handling.longDocuments(),
        handling.masking());
  }

  /**
   * Where to get the engine for this analysis: the model file in this process, or the servers that
   * have the model, and before a second model where there is one.
   *
   * @throws ConfigurationException if no model is set
   */
  public EngineSource toEngineSource() {
    EngineSource first =
        model
            .remote()
            .map(OpenAiEngine::source)
            .orElseGet(() -> LlamaCppEngine.source(toLlamaCppSettings()));
    return model
        .cascade()
        .map(
            cascade ->
                CascadeEngine.source(
                    first, OpenAiEngine.source(cascade.remote()), cascade.threshold()))
        .orElse(first);
  }

  /**
   * How to run the model file of this analysis.
   *
   * @throws ConfigurationException if no model file is set; {@link Analyses#loadToRun} reports that
   *     together with all other problems
   */
  public LlamaCppSettings toLlamaCppSettings() {
    Path file = model.file().orElseThrow(() -> new ConfigurationException(List.of(noModelFile())));
    return new LlamaCppSettings(
        file.toString(),
        model.sha256(),
        model.slots(),
        model.contextTokens(),
        model.batchTokens(),
        model.threads(),
        model.library(),
        model.answerCache());
  }

  static ConfigurationProblem noModelFile() {
    return new ConfigurationProblem(
        AnalysisKeys.MODEL_FILE.name(),
        "",
        "missing; name a GGUF file here or with --model FILE, or a server by model.endpoint");
  }
}
