package io.kaiseki.pipelines.eval.run;

/**
 * A document on its way through the job. Public, because Flink writes and reads its components.
 *
 * @param index where it stands among the labels
 * @param id its id
 * @param text what the model reads; empty behind the operator
 * @param arrivedNanos when it came to the operator, by {@link System#nanoTime()}; all of the job is
 *     in one process
 * @param leftNanos when its outcome left the operator
 */
public record AskedDocument(int index, String id, String text, long arrivedNanos, long leftNanos) {

  AskedDocument arrivedAt(long nanos) {
    return new AskedDocument(index, id, text, nanos, leftNanos);
  }

  AskedDocument leftAt(long nanos) {
    return new AskedDocument(index, id, "", arrivedNanos, nanos);
  }
}
