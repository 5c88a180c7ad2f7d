package io.kaiseki.pipelines.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeskSettingsReaderTest {

  private static final String GIVEN =
      """
      topics: {documents: tickets, results: tickets.triaged, dead-letters: tickets.dead-letters}
      kafka.bootstrap.servers: localhost:9092
      registry.url: http://localhost:8081
      """;

  private final List<ConfigurationProblem> problems = new ArrayList<>();

  @Test
  void a_desk_listens_on_loopback_and_names_its_topics_after_the_results() {
    DeskSettings settings = read("").orElseThrow();

    assertThat(settings.host()).isEqualTo("127.0.0.1");
    assertThat(settings.port()).isEqualTo(8090);
    assertThat(settings.name()).isEqualTo("kaiseki-desk-ticket-triage");
    assertThat(settings.feedback()).isEqualTo("tickets.triaged.feedback");
    assertThat(settings.badRecords()).isEqualTo("tickets.triaged.bad-records");
    assertThat(settings.token()).isEmpty();
    assertThat(problems).isEmpty();
  }

  @Test
  void others_than_this_machine_need_a_token_and_an_address() {
    assertThat(read("desk.host: 0.0.0.0")).isEmpty();
    assertThat(problems)
        .extracting(ConfigurationProblem::key)
        .containsExactlyInAnyOrder("desk.host", "desk.advertised");
  }

  @Test
  void all_problems_are_told_together_and_without_the_token() {
    assertThat(
            read(
                """
                desk: {port: 70000, token: short, unsure: 2, advertised: here, prot: 1}
                job.parallelism: 3
                model.slots: 4
                """))
        .isEmpty();
    assertThat(problems)
        .extracting(ConfigurationProblem::key)
        .containsExactlyInAnyOrder(
            "desk.port", "desk.token", "desk.unsure", "desk.advertised", "desk.prot");
    assertThat(problems.toString()).doesNotContain("short");
  }

  @Test
  void a_key_of_the_models_that_the_desk_is_not_let_into_does_it_no_harm() {
    assertThat(read("model: {endpoint: 'http://gpu:8000/v1', api-key: '${env:NOT_SET}'}"))
        .isPresent();
    assertThat(problems).isEmpty();
  }

  @Test
  void a_token_of_its_own_that_can_not_be_found_is_a_problem() {
    assertThat(read("desk: {token: '${env:NOT_SET}', host: 0.0.0.0, advertised: 'desk:8090'}"))
        .isEmpty();
    assertThat(problems)
        .singleElement()
        .asString()
        .isEqualTo("desk.token = (redacted): the environment has no variable NOT_SET; set it");
  }

  private Optional<DeskSettings> read(String more) {
    Map<String, Setting> settings =
        new SettingSources(Map.of()).yaml(GIVEN + more, "test").settings();
    return new DeskSettingsReader(settings, problems).read("ticket-triage");
  }
}
