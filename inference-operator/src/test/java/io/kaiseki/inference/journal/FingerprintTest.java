package io.kaiseki.inference.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import java.time.Instant;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class FingerprintTest {

  @Test
  void a_document_is_known_by_the_fingerprint_that_an_earlier_release_wrote_down() {
    Analysis analysis =
        new Analysis(
            "analysis",
            "v1",
            "Read.",
            Contract.of(
                SchemaBuilder.record("Note").fields().requiredBoolean("urgent").endRecord()),
            ReasoningPolicy.OFF);

    assertThat(
            Fingerprint.of(
                new CompletionRequest("id", analysis, "Größe 🙂", Instant.MAX, Lane.LIVE)))
        .isEqualTo(new Fingerprint("1e3970dfa6d97fac3ffbcc7fbca6ec3d"));
  }
}
