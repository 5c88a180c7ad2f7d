package io.kaiseki.pipelines.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.routing.Route;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutesTest {

  @TempDir Path directory;
  private FolderFixture folder;

  @BeforeEach
  void write_a_valid_folder() {
    folder = new FolderFixture(directory);
  }

  @Test
  void an_analysis_without_routes_has_none() {
    assertThat(folder.load().routes()).isEmpty();
  }

  @Test
  void routes_are_read_in_their_order() {
    folder.settings(
        """
        routes:
          - when: answer.complaint && confidence.complaint > 0.8
            topic: letters.complaints
          - when: leastConfidence < 0.5
            topic: letters.review
        """);

    assertThat(folder.load().routes())
        .containsExactly(
            new Route("answer.complaint && confidence.complaint > 0.8", "letters.complaints"),
            new Route("leastConfidence < 0.5", "letters.review"));
  }

  @Test
  void routes_change_no_answer_and_so_not_the_version() {
    String before = folder.load().version();

    folder.settings("routes: [{when: answer.complaint, topic: letters.complaints}]\n");

    assertThat(folder.load().version()).isEqualTo(before);
  }

  @Test
  void everything_that_is_wrong_with_routes_is_told_together() {
    folder.settings(
        """
        routes:
          - when: answer.complaimt
            topic: letters.complaints
          - when: answer.reason == 3
            topic: two words
          - topic: letters.read
          - wenn: true
            when: true
            topic: other
          - letters
        model: {slots: 0}
        """);

    assertThat(problems())
        .extracting(ConfigurationProblem::key)
        .containsExactlyInAnyOrder(
            "model.slots",
            "routes[0].when",
            "routes[1].when",
            "routes[1].topic",
            "routes[2].when",
            "routes[2].topic",
            "routes[3].wenn",
            "routes[4]");
    assertThat(problems().toString())
        .contains("answer.complaimt: at character 7, there is no field complaimt")
        .contains("did you mean complaint?")
        .contains("complaint (true or false), reason (text)")
        .contains("is a topic of the analysis already")
        .contains("did you mean when?");
  }

  @Test
  void what_a_route_leaves_empty_is_missing() {
    folder.settings(
        """
        routes:
          - when: answer.complaint
            topic:
          - when:
            topic: ~
        """);

    assertThat(problems())
        .extracting(ConfigurationProblem::toString)
        .satisfiesExactly(
            topic -> assertThat(topic).startsWith("routes[0].topic: missing; expected "),
            when -> assertThat(when).startsWith("routes[1].when: missing; expected "),
            topic -> assertThat(topic).startsWith("routes[1].topic: missing; expected "));
  }

  @Test
  void routes_must_be_a_list() {
    folder.settings("routes: {when: answer.complaint, topic: letters.complaints}\n");

    assertThat(problems())
        .containsExactly(
            new ConfigurationProblem(
                "routes", "", "expected a list of routes, each with when and topic"));
  }

  @Test
  void the_example_routes_of_ticket_triage_are_good_ones() throws IOException {
    String settings = resource("analysis.yaml");
    String example =
        settings
            .substring(settings.indexOf("# routes:"))
            .lines()
            .map(line -> line.replaceFirst("^# ?", ""))
            .collect(Collectors.joining("\n"));
    folder.write("analysis.yaml", settings + "\n" + example + "\n");
    folder.write("instructions.md", resource("instructions.md"));
    folder.write("result.avsc", resource("result.avsc"));

    assertThat(folder.load().routes())
        .extracting(Route::topic)
        .containsExactly("tickets.urgent", "tickets.fraud", "tickets.review");
  }

  private List<ConfigurationProblem> problems() {
    return catchThrowableOfType(ConfigurationException.class, folder::load).problems();
  }

  private static String resource(String file) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            Analyses.class.getResourceAsStream("/analyses/ticket-triage/" + file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
