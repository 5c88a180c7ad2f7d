package io.kaiseki.pipelines.deadletters;

import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.DeadLetterReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Dead letters as a job would write them. */
final class Letters {

  private Letters() {}

  static DeadLetter letter(DeadLetterReason reason, String failedAt) {
    return DeadLetter.newBuilder()
        .setDocumentId("d1")
        .setReason(reason)
        .setMessage("what happened")
        .setStage("analyse")
        .setAnalysis("mood")
        .setAnalysisVersion("1")
        .setSourceTopic("moods")
        .setSourcePartition(0)
        .setSourceOffset(7)
        .setSourceTimestamp(Instant.EPOCH)
        .setOriginalKey(null)
        .setOriginalValue(ByteBuffer.wrap("a letter".getBytes(StandardCharsets.UTF_8)))
        .setOriginalHeaders(List.of())
        .setAttempts(1)
        .setFailedAt(Instant.parse(failedAt))
        .build();
  }
}
