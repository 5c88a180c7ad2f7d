package io.kaiseki.pipelines.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.analysis.Analyses;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackfillOptionsTest {

  @Test
  void the_same_command_finds_the_run_that_an_earlier_release_began(@TempDir Path directory)
      throws IOException {
    Path letters = Files.createDirectory(directory.resolve("letters"));
    Files.writeString(
        letters.resolve("analysis.yaml"),
        """
        topics:
          documents: letters
          results: letters.read
          dead-letters: letters.dead
        """);
    Files.writeString(
        letters.resolve("instructions.md"), "Say whether the letter is a complaint.\n");
    Files.writeString(
        letters.resolve("result.avsc"),
        """
        {"type": "record", "name": "Letter", "namespace": "test", "fields": [
          {"name": "complaint", "type": "boolean", "doc": "true for a complaint"},
          {"name": "reason", "type": "string", "maxLength": 80}
        ]}
        """);
    AnalysisDefinition definition = Analyses.load(letters.toString(), AnalysisOverrides.none());
    BackfillSource source =
        new BackfillSource.Topic("letters", new TopicBounds(null, null, null, null));

    BackfillOptions options = new BackfillOptions(source, false, Optional.empty());

    assertThat(options.fingerprint(definition))
        .isEqualTo("eb920fa572859b9e321e009e97b8972eb007a1283b74f53b0928c07d6e72b165");
    assertThat(options.runName(definition)).isEqualTo("backfill-letters-eb920fa5");
  }
}
