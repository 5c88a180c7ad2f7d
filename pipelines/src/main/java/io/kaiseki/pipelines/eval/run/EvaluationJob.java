package io.kaiseki.pipelines.eval.run;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.flink.InferenceStreams;
import io.kaiseki.inference.flink.Inferred;
import io.kaiseki.inference.flink.InferredTypeInfo;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.eval.labels.LabelledDocument;
import io.kaiseki.pipelines.job.AnalysisJob;
import io.kaiseki.pipelines.job.DocumentText;
import io.kaiseki.pipelines.job.LocalCluster;
import io.kaiseki.schemas.Document;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * The bounded job: documents in memory, the operator of {@code kaiseki run} with the same analysis
 * and the same engine, outcomes back in memory. There is no broker and no registry, and no
 * checkpoint either: whoever stops an evaluation starts it anew.
 */
public final class EvaluationJob {

  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  private final EngineSource engine;
  private final List<LabelledDocument> documents;
  private final BooleanSupplier stopRequested;

  /**
   * @param engine where the job gets its engine; the caller holds it, so that runs share it
   * @param stopRequested whether the run shall end early
   */
  public EvaluationJob(
      EngineSource engine, List<LabelledDocument> documents, BooleanSupplier stopRequested) {
    this.engine = engine;
    this.documents = List.copyOf(documents);
    this.stopRequested = stopRequested;
  }

  /**
   * Runs the job to its end.
   *
   * @throws CancellationException if a stop was requested
   * @throws IllegalStateException if Flink could not run the job
   */
  public Pass run(AnalysisDefinition definition, PassListener listener) {
    Outcome[] outcomes = new Outcome[documents.size()];
    List<AskedDocument> ready = prepare(definition, outcomes);
    if (ready.isEmpty()) {
      throw new IllegalStateException(
          "no document can be given to the model; see limits.document-characters");
    }
    int done = documents.size() - ready.size();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    @Nullable EngineDescription answeredBy = null;
    try (Running running = start(definition, ready)) {
      while (done < documents.size()) {
        Inferred<AskedDocument, Outcome> inferred = running.results().next(stopRequested);
        outcomes[inferred.input().index()] = inferred.outcome();
        first = Math.min(first, inferred.input().arrivedNanos());
        last = Math.max(last, inferred.input().leftNanos());
        answeredBy = inferred.engine();
        listener.documents(++done, documents.size());
      }
      running.results().awaitEnd(END_LIMIT);
    } catch (IllegalStateException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the evaluation's job failed", e);
    }
    return new Pass(
        definition,
        List.of(outcomes),
        List.of(new Pass.Stretch(documents.size(), Math.max(1, last - first) / 1e9)),
        Objects.requireNonNull(answeredBy));
  }

  /** Documents as production would prepare them; what it would refuse has its outcome already. */
  private List<AskedDocument> prepare(AnalysisDefinition definition, Outcome[] outcomes) {
    DocumentText texts = new DocumentText(definition.limits().documentCharacters());
    List<AskedDocument> ready = new ArrayList<>();
    for (int i = 0; i < documents.size(); i++) {
      LabelledDocument document = documents.get(i);
      DocumentText.Prepared prepared =
          texts.prepare(
              Document.newBuilder()
                  .setId(document.id())
                  .setTitle(document.title().orElse(null))
                  .setBody(document.body())
                  .setReceivedAt(Instant.EPOCH)
                  .build());
      if (prepared instanceof DocumentText.Text text) {
        ready.add(new AskedDocument(i, document.id(), text.text(), 0, 0));
      } else if (prepared instanceof DocumentText.Unfit unfit) {
        outcomes[i] = new Outcome.Failed(unfit.reason(), unfit.message());
      }
    }
    return ready;
  }

  private Running start(AnalysisDefinition definition, List<AskedDocument> ready) throws Exception {
    Configuration options = new Configuration();
    LocalCluster.confine(options);
    options.set(PipelineOptions.OBJECT_REUSE, true);
    options.set(PipelineOptions.GENERIC_TYPES, false);
    options.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(1, options);
    DataStream<Inferred<AskedDocument, Outcome>> outcomes =
        outcomes(environment, definition, ready);
    CloseableIterator<Inferred<AskedDocument, Outcome>> results = outcomes.collectAsync();
    JobClient client = environment.executeAsync("eval-" + definition.name());
    return new Running(client, new PassResults<>(results));
  }

  private DataStream<Inferred<AskedDocument, Outcome>> outcomes(
      StreamExecutionEnvironment environment,
      AnalysisDefinition definition,
      List<AskedDocument> ready) {
    Analysis analysis = definition.toAnalysis();
    TypeInformation<AskedDocument> type = Types.POJO(AskedDocument.class);
    InferredTypeInfo<AskedDocument, Outcome> outcome = InferredTypeInfo.of(type, analysis);
    DataStream<AskedDocument> arriving =
        environment
            .fromData(ready, type)
            .map(document -> document.arrivedAt(System.nanoTime()))
            .returns(type);
    InferenceStreams<AskedDocument> streams =
        AnalysisJob.<AskedDocument>operator(
                definition, engine, Lane.LIVE, AskedDocument::id, AskedDocument::text)
            .apply(arriving);
    DataStream<Inferred<AskedDocument, Outcome>> answered =
        streams.answered().map(EvaluationJob::left).returns(outcome);
    DataStream<Inferred<AskedDocument, Outcome>> failed =
        streams.failed().map(EvaluationJob::left).returns(outcome);
    return answered.union(failed);
  }

  /** Stamps when a document left the operator, and drops its text, which nobody needs any more. */
  private static <O extends Outcome> Inferred<AskedDocument, Outcome> left(
      Inferred<AskedDocument, O> inferred) {
    return new Inferred<>(
        inferred.input().leftAt(System.nanoTime()),
        inferred.outcome(),
        inferred.attempts(),
        inferred.engine());
  }
}
