package io.kaiseki.inference.flink;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource.NumberSequenceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;

/** Lets a source emit its first records and then be idle, without an end. */
record FirstDocuments(int count) implements RateLimiterStrategy<NumberSequenceSplit> {

  /** The documents {@code "0"}, {@code "1"}, … up to the count; the stream does not end. */
  static DataGeneratorSource<String> source(int count) {
    return new DataGeneratorSource<>(
        number -> Long.toString(number), Long.MAX_VALUE, new FirstDocuments(count), Types.STRING);
  }

  @Override
  public RateLimiter<NumberSequenceSplit> createRateLimiter(int parallelism) {
    return new RateLimiter<>() {
      private int left = count;

      @Override
      public CompletionStage<Void> acquire(int records) {
        left -= records;
        return left >= 0 ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
      }
    };
  }
}
