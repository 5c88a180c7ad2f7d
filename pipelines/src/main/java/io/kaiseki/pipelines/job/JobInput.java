package io.kaiseki.pipelines.job;

import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.flink.Inferred;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Where the documents of a job come from, and what it does with them besides what every job does.
 * Its operators have uids, as those of the job have.
 */
public interface JobInput {

  /** The class of service of its documents. */
  Lane lane();

  /** The topic that its documents come from; empty where they come from files. */
  default Optional<String> topic() {
    return Optional.empty();
  }

  /** Adds the source to the job. */
  Records records(StreamExecutionEnvironment environment);

  /** Documents on their way to the model; what is left out here has no outcome in this job. */
  default DataStream<PreparedDocument> prepared(DataStream<PreparedDocument> documents) {
    return documents;
  }

  /** Results on their way to their topic. */
  default DataStream<Inferred<PreparedDocument, Outcome.Answered>> answered(
      DataStream<Inferred<PreparedDocument, Outcome.Answered>> results) {
    return results;
  }

  /**
   * Dead letters of documents that {@link #answered} has seen the results of, because those turned
   * out too large to be written. They come by {@link #rejected} as well.
   */
  default DataStream<Rejection> unwritten(DataStream<Rejection> results) {
    return results;
  }

  /** Dead letters on their way to their topic. */
  default DataStream<Rejection> rejected(DataStream<Rejection> rejected) {
    return rejected;
  }

  /**
   * Most bytes of a dead letter, where its topic takes fewer than the job may write; a larger one
   * leaves the original out. Empty where every record of the source is known to fit.
   */
  default OptionalInt largestDeadLetter() {
    return OptionalInt.empty();
  }

  /**
   * What a source gives.
   *
   * @param readable records in the wire format, to be decoded
   * @param unreadable what the source itself could not make a record of; a source of records has
   *     none
   */
  record Records(DataStream<RawRecord> readable, Optional<DataStream<Rejection>> unreadable) {}
}
