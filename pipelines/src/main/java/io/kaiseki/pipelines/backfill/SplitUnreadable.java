package io.kaiseki.pipelines.backfill;

import io.kaiseki.pipelines.job.RawRecord;
import io.kaiseki.pipelines.job.RecordTypes;
import io.kaiseki.pipelines.job.Rejection;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.types.Either;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Parts what an archive gave as a document from what it could not. */
final class SplitUnreadable extends ProcessFunction<Either<RawRecord, Rejection>, RawRecord> {

  static final OutputTag<Rejection> UNREADABLE =
      new OutputTag<>("unreadable", RecordTypes.REJECTION);

  private static final long serialVersionUID = 1L;

  @Override
  public void processElement(
      Either<RawRecord, Rejection> entry, Context context, Collector<RawRecord> out) {
    if (entry.isLeft()) {
      out.collect(entry.left());
    } else {
      context.output(UNREADABLE, entry.right());
    }
  }
}
