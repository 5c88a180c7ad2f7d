package io.kaiseki.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.job.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Flink's own SQL client adds our jar to its session and has a model asked on the cluster, more
 * than once, since native code can be loaded by one class loader of a TaskManager only.
 */
@ExtendWith(ClusterExtension.class)
class SqlClientIT {

  private static final Path JAR = Path.of(System.getProperty("kaiseki.jar.for.flink"));

  /** A row of a changelog, as the client prints it. */
  private static final Pattern ROW =
      Pattern.compile("\\| \\+I \\|\\s+(\\w+) \\|\\s+(\\w+) \\|\\s+(\\w+) \\|");

  @Test
  void a_model_is_made_and_asked_in_two_jobs_one_after_the_other() throws Exception {
    assertThat(Files.isRegularFile(JAR)).isTrue();

    String printed =
        ClusterExtension.cluster()
            .sqlClient(
                List.of(
                    "SET 'sql-client.execution.result-mode' = 'tableau';",
                    "SET 'parallelism.default' = '1';",
                    "ADD JAR '" + JAR + "';",
                    """
                    CREATE MODEL triage
                    INPUT (id STRING, body STRING)
                    OUTPUT (category STRING, urgent BOOLEAN)
                    WITH (
                      'provider' = 'kaiseki', 'model' = '%s', 'library' = 'shipped',
                      'slots' = '2', 'threads' = '1', 'context-tokens' = '8192',
                      'instructions' = 'Sort the ticket.', 'id-column' = 'id',
                      'enum.category' = 'billing,delivery', 'required' = '*'
                    );
                    """
                        .formatted(TinyModel.file()),
                    """
                    CREATE VIEW tickets AS SELECT * FROM (VALUES
                      ('t1', 'My parcel 4711 is late.'),
                      ('t2', 'I was charged twice.'),
                      ('t3', 'Nobody answers.')) AS t(id, body);
                    """,
                    predict("true"),
                    predict("false")));

    List<MatchResult> rows = new ArrayList<>(ROW.matcher(printed).results().toList());
    assertThat(rows)
        .as(printed)
        .extracting(row -> row.group(1))
        .containsExactlyInAnyOrder("t1", "t2", "t3", "t1", "t2", "t3");
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.group(2)).isIn("billing", "delivery");
              assertThat(row.group(3)).isIn("TRUE", "FALSE");
            });
  }

  private static String predict(String async) {
    return """
        SELECT id, category, urgent FROM ML_PREDICT(
          INPUT => TABLE tickets, MODEL => MODEL triage,
          ARGS => DESCRIPTOR(id, body), CONFIG => MAP['async', '%s']);
        """
        .formatted(async);
  }
}
