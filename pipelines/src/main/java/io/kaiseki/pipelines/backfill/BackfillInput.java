package io.kaiseki.pipelines.backfill;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.flink.Inferred;
import io.kaiseki.pipelines.job.JobInput;
import io.kaiseki.pipelines.job.PreparedDocument;
import io.kaiseki.pipelines.job.Rejection;
import java.util.function.ObjLongConsumer;
import org.apache.flink.streaming.api.datastream.DataStream;

/** What every backfill does besides the job: it skips what is done, and counts. */
abstract class BackfillInput implements JobInput {

  private final String token;

  /**
   * An input.
   *
   * @param token of the run's scope
   */
  BackfillInput(String token) {
    this.token = token;
  }

  /** Operators that count. */
  abstract int counters();

  @Override
  public final Lane lane() {
    return Lane.BACKFILL;
  }

  @Override
  public final DataStream<PreparedDocument> prepared(DataStream<PreparedDocument> documents) {
    return documents.filter(new SkipDone(token)).name("skip what is done").uid("skip");
  }

  @Override
  public final DataStream<Inferred<PreparedDocument, Outcome.Answered>> answered(
      DataStream<Inferred<PreparedDocument, Outcome.Answered>> results) {
    return counted(results, "results", BackfillInput::result);
  }

  /** Their tokens were spent all the same. */
  @Override
  public final DataStream<Rejection> unwritten(DataStream<Rejection> results) {
    return counted(results, "unwritten", (rejection, counts) -> counts.add(Count.RESULTS, -1));
  }

  @Override
  public final DataStream<Rejection> rejected(DataStream<Rejection> rejected) {
    return counted(
        rejected, "dead-letters", (rejection, counts) -> counts.add(Count.DEAD_LETTERS, 1));
  }

  /** Counts what a source has read. */
  final <T> DataStream<T> countedDocuments(DataStream<T> read, String name) {
    return counted(read, name, (record, counts) -> counts.add(Count.DOCUMENTS, 1));
  }

  private <T> DataStream<T> counted(
      DataStream<T> records, String name, CountRecords.Counting<T> counting) {
    return records
        .map(new CountRecords<>(token, name, counting))
        .returns(records.getType())
        .name("count " + name)
        .uid("count-" + name);
  }

  private static void result(
      Inferred<PreparedDocument, Outcome.Answered> result, CheckpointedCounts counts) {
    counts.add(Count.RESULTS, 1);
    tokens(result.outcome().completion(), counts::add);
  }

  /** Tells of the tokens that every model took which worked on the document. */
  static void tokens(Completion completion, ObjLongConsumer<Count> counts) {
    for (TokenUsage usage : completion.usages()) {
      counts.accept(
          Count.TOKENS_READ, usage.document() + (usage.prefixReused() ? 0 : usage.prefix()));
      counts.accept(Count.TOKENS_REUSED, usage.prefixReused() ? usage.prefix() : 0);
      counts.accept(Count.TOKENS_REASONED, usage.reasoning());
      counts.accept(Count.TOKENS_ANSWERED, usage.answer());
    }
  }
}
