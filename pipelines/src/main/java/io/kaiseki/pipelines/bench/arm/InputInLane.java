package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.flink.Inferred;
import io.kaiseki.pipelines.job.JobInput;
import io.kaiseki.pipelines.job.PreparedDocument;
import io.kaiseki.pipelines.job.Rejection;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The documents of another input, in another lane.
 *
 * @param input where they come from, and what is done with them
 */
record InputInLane(JobInput input, Lane lane) implements JobInput {

  @Override
  public Optional<String> topic() {
    return input.topic();
  }

  @Override
  public Records records(StreamExecutionEnvironment environment) {
    return input.records(environment);
  }

  @Override
  public DataStream<PreparedDocument> prepared(DataStream<PreparedDocument> documents) {
    return input.prepared(documents);
  }

  @Override
  public DataStream<Inferred<PreparedDocument, Outcome.Answered>> answered(
      DataStream<Inferred<PreparedDocument, Outcome.Answered>> results) {
    return input.answered(results);
  }

  @Override
  public DataStream<Rejection> unwritten(DataStream<Rejection> results) {
    return input.unwritten(results);
  }

  @Override
  public DataStream<Rejection> rejected(DataStream<Rejection> rejected) {
    return input.rejected(rejected);
  }

  @Override
  public OptionalInt largestDeadLetter() {
    return input.largestDeadLetter();
  }
}
