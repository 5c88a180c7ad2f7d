package io.kaiseki.inference.sql;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.flink.AsyncInference;
import java.io.Serializable;
import java.time.Duration;

/**
 * One {@code CREATE MODEL} statement, read and checked. It travels to the TaskManagers.
 *
 * @param analysis what is asked of every document
 * @param engine where the engine comes from
 * @param slots documents that the engine works on at the same time
 * @param textPosition position of the text among the features
 * @param idPosition position of the id, or {@link OutputColumns#NONE}
 * @param output the columns that come out
 * @param failures what becomes of documents without an answer
 * @param deadline time that a document has
 * @param lane class of service
 */
record SqlModel(
    Analysis analysis,
    EngineSource engine,
    int slots,
    int textPosition,
    int idPosition,
    OutputColumns output,
    Failures failures,
    Duration deadline,
    Lane lane)
    implements Serializable {

  /**
   * What becomes of documents without an answer.
   *
   * @param ignored whether the job goes on
   * @param attempts how often the engine is asked at most
   * @param backoff pause between two attempts
   */
  record Failures(boolean ignored, int attempts, Duration backoff) implements Serializable {}

  /** The operator's own machinery under these settings. */
  AsyncInference<SqlDocument> inference(int capacity) {
    return AsyncInference.<SqlDocument>builder()
        .analysis(analysis)
        .engine(engine)
        .documentId(SqlDocument::id)
        .text(SqlDocument::text)
        .lane(lane)
        .deadline(deadline)
        .slots(slots)
        .capacity(capacity)
        .retries(failures.attempts(), failures.backoff())
        .build();
  }
}
