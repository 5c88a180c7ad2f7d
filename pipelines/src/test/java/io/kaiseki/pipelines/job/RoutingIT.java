package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.analysis.Analyses;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.schemas.envelope.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Results go where the rules of their analysis say, as well as to the topic of all results. */
@ExtendWith(ServicesExtension.class)
class RoutingIT {

  private static final int DOCUMENTS = 24;

  @TempDir Path directory;

  private JobFixture job;
  private String run;

  @BeforeEach
  void topics() {
    job =
        new JobFixture(
            ServicesExtension.kafka(),
            ServicesExtension.registry(),
            directory.resolve("checkpoints"),
            this::analysis);
  }

  @AfterEach
  void end() {
    job.close();
  }

  @Test
  void each_result_is_in_the_topics_of_the_rules_that_hold_for_it_once() {
    for (int i = 0; i < DOCUMENTS; i++) {
      String id = "d" + i;
      job.send(id, job.encode(id, "Ticket " + i, "word ".repeat(i % 7 + 1) + i));
    }
    job.send("broken", new byte[] {1, 2, 3});

    try (JobRun started = job.start(engine())) {
      job.awaitOutcomes(DOCUMENTS + 1, started);
    }

    List<Received.Answered> results =
        job.outcomes.stream()
            .filter(Received.Answered.class::isInstance)
            .map(Received.Answered.class::cast)
            .toList();
    assertThat(results).hasSize(DOCUMENTS);
    assertHolds("good", results, result -> mood(result).equals("good"));
    assertHolds("bad", results, result -> mood(result).equals("bad"));
    assertHolds("either", results, result -> true);
    // Divides by zero where the answer is not sure; the result is in the topic of all none the
    // less.
    assertHolds("sure", results, result -> result.answer().get("sure").equals(true));
  }

  @Test
  void a_topic_of_a_route_that_is_missing_is_told_by_its_route() {
    AnalysisDefinition other = analysis("absent" + run);
    List<ConfigurationProblem> problems = new ArrayList<>();

    new Readiness(other, job.settings, Readiness.Permissions.NONE).establish(problems);

    assertThat(problems.toString())
        .contains("routes[0].topic = absent" + run + "-good: no such topic")
        .contains("routes[3].topic = absent" + run + "-sure: no such topic");
  }

  private void assertHolds(String route, List<Received.Answered> results, Predicate<Result> rule) {
    List<byte[]> expected =
        results.stream()
            .filter(answered -> rule.test(answered.result()))
            .map(answered -> answered.record().value())
            .toList();
    List<byte[]> routed =
        TopicRecords.committed(ServicesExtension.kafka(), run + "-" + route).stream()
            .map(ConsumerRecord::value)
            .toList();
    assertThat(routed.stream().map(Arrays::toString))
        .as(route)
        .containsExactlyInAnyOrderElementsOf(expected.stream().map(Arrays::toString).toList());
  }

  private static String mood(Result result) {
    return result.answer().get("mood").toString();
  }

  /** The small analysis with routes. */
  private AnalysisDefinition analysis(String name) {
    run = run == null ? name : run;
    try {
      Path folder = Files.createDirectories(directory.resolve(name));
      for (String file : List.of("instructions.md", "result.avsc")) {
        Files.copy(Path.of(JobFixture.MOOD, file), folder.resolve(file));
      }
      Files.writeString(
          folder.resolve("analysis.yaml"),
          """
          name: mood
          topics:
            documents: %1$s-in
            results: %1$s-out
            dead-letters: %1$s-dead
          routes:
            - {when: "answer.mood == 'good'", topic: %1$s-good}
            - {when: "answer.mood == 'bad' && confidence.mood > 0.0", topic: %1$s-bad}
            - {when: "leastConfidence <= 1.0", topic: %1$s-either}
            - {when: "1 / (answer.sure ? 1 : 0) == 1", topic: %1$s-sure}
            - {when: "answer.sure || !answer.sure", topic: %1$s-either}
          """
              .formatted(name),
          StandardCharsets.UTF_8);
      return Analyses.load(folder.toString(), AnalysisOverrides.none());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static EngineSource engine() {
    return LlamaCppEngine.source(
        new LlamaCppSettings(TinyModel.file().toString(), "", 8, 0, 512, 1, ""));
  }
}
