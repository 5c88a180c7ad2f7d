package io.kaiseki.pipelines.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.schemas.registry.RegistryCredentials;
import io.kaiseki.schemas.registry.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobSettingsReaderTest {

  private static final Map<String, String> LEAST =
      Map.of("kafka.bootstrap.servers", "broker:9092", "registry.url", "http://registry:8081");

  @TempDir Path directory;
  private final List<ConfigurationProblem> problems = new ArrayList<>();

  @Test
  void two_addresses_are_enough_and_everything_else_has_a_default() {
    JobSettings settings = read(sources(Map.of(), LEAST));

    assertThat(problems).isEmpty();
    assertThat(settings.name()).isEqualTo("kaiseki-test");
    assertThat(settings.delivery().guarantee()).isEqualTo(DeliverySettings.Guarantee.EXACTLY_ONCE);
    assertThat(settings.delivery().transactionTimeout()).isEqualTo(Duration.ofMinutes(12));
  }

  @Test
  void an_option_beats_the_environment_which_beats_the_file() throws Exception {
    Path file = directory.resolve("kaiseki.yaml");
    Files.writeString(
        file,
        "job: {name: from-file, parallelism: 2, delivery: at-least-once}",
        StandardCharsets.UTF_8);
    SettingSources sources =
        new SettingSources(
            Map.of("KAISEKI_JOB_NAME", "from-environment", "KAISEKI_JOB_PARALLELISM", "3"));
    sources.file(file).environment(JobKeys.all().stream().map(JobKeys.JobKey::name).toList());
    LEAST.forEach((key, value) -> sources.option(key, value, key));
    sources.option("job.parallelism", "4", "-s");

    JobSettings settings = read(sources);

    assertThat(problems).isEmpty();
    assertThat(settings.parallelism()).isEqualTo(4);
    assertThat(settings.name()).isEqualTo("from-environment");
    assertThat(settings.delivery().guarantee()).isEqualTo(DeliverySettings.Guarantee.AT_LEAST_ONCE);
  }

  @Test
  void security_properties_go_to_kafka_and_their_secrets_come_from_files_and_never_show()
      throws Exception {
    Path secret = directory.resolve("secret");
    Files.writeString(secret, "planted-secret\n", StandardCharsets.UTF_8);
    SettingSources sources = sources(Map.of("USER", "kaiseki"), LEAST);
    sources
        .option("kafka.security.protocol", "SASL_SSL", "-s")
        .option("kafka.sasl.jaas.config", "user=${env:USER} password=${file:" + secret + "}", "-s");

    JobSettings settings = read(sources);

    assertThat(settings.kafka().properties())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.jaas.config", "user=kaiseki password=planted-secret");
    assertThat(settings.toString() + sources.settings()).doesNotContain("planted-secret");
  }

  @Test
  void a_secret_that_can_not_be_found_is_a_problem_that_names_where_it_was_looked_for() {
    SettingSources sources = sources(Map.of(), LEAST);
    sources
        .option("registry.user", "kaiseki", "registry.user")
        .option("registry.password", "${env:NOT_SET}", "registry.password")
        .option("kafka.sasl.jaas.config", "${env:NEITHER}", "kafka.sasl.jaas.config");

    new JobSettingsReader(sources.settings(), problems).read("kaiseki-test", List.of());

    assertThat(problems)
        .extracting(ConfigurationProblem::toString)
        .containsExactlyInAnyOrder(
            "registry.password = (redacted): the environment has no variable NOT_SET; set it",
            "kafka.sasl.jaas.config = (redacted): the environment has no variable NEITHER; set it");
  }

  @Test
  void an_address_that_can_not_be_found_is_one_problem_and_not_missing_besides() {
    SettingSources sources =
        sources(Map.of(), LEAST)
            .option("kafka.bootstrap.servers", "${env:NOT_SET}", "--bootstrap")
            .option("metrics.port", "${env:NEITHER}", "metrics.port");

    new JobSettingsReader(sources.settings(), problems).read("kaiseki-test", List.of());

    assertThat(problems)
        .extracting(ConfigurationProblem::key)
        .containsExactlyInAnyOrder("--bootstrap", "metrics.port");
  }

  @Test
  void a_secret_of_the_desk_that_a_job_is_not_let_into_does_it_no_harm() {
    SettingSources sources =
        sources(Map.of(), LEAST).option("desk.token", "${env:NOT_SET}", "desk.token");

    read(sources);

    assertThat(problems).isEmpty();
  }

  @Test
  void a_transaction_that_a_restart_may_outlive_is_refused_with_all_values_named() {
    SettingSources sources = sources(Map.of(), LEAST);
    sources.option("job.transaction-timeout", "6m", "job.transaction-timeout");

    read(sources);

    assertThat(problems)
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.toString())
                    .contains("job.transaction-timeout = 6m")
                    .contains("job.checkpoint-interval (10s)")
                    .contains("job.checkpoint-timeout (5m)")
                    .contains("restarts"));
  }

  @Test
  void a_first_delay_above_the_longest_is_refused_with_both_named() {
    SettingSources sources = sources(Map.of(), LEAST);
    sources.option("job.restart.delay", "31s", "job.restart.delay");

    read(sources);

    assertThat(problems)
        .singleElement()
        .asString()
        .isEqualTo(
            "job.restart.delay = 31s: must not be longer than job.restart.maximum-delay (30s)");
  }

  @Test
  void a_job_that_is_never_restarted_has_no_delays_to_compare() {
    SettingSources sources = sources(Map.of(), LEAST);
    sources
        .option("job.restart.delay", "31s", "job.restart.delay")
        .option("job.restart.attempts", "0", "job.restart.attempts");

    read(sources);

    assertThat(problems).isEmpty();
  }

  @Test
  void at_least_once_has_no_transactions_to_outlive() {
    SettingSources sources = sources(Map.of(), LEAST);
    sources
        .option("job.transaction-timeout", "10s", "job.transaction-timeout")
        .option("job.delivery", "at-least-once", "--delivery");

    read(sources);

    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/data/my checkpoints,           file:///data/my checkpoints",
    "/home/jürgen/100%,              file:///home/jürgen/100%",
    "/data/../var/checkpoints,       file:///var/checkpoints",
    "file:/var/checkpoints,          file:/var/checkpoints",
    "file:///var/checkpoints,        file:///var/checkpoints",
    "s3://bucket/kaiseki,            s3://bucket/kaiseki"
  })
  void a_path_becomes_an_address_as_flink_takes_it_and_an_address_stays(
      String given, String address) {
    SettingSources sources = sources(Map.of(), LEAST);
    sources.option("job.checkpoints", given, "job.checkpoints");

    assertThat(read(sources).delivery().checkpoints()).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transactional.id",
        "transaction.timeout.ms",
        "group.id",
        "enable.auto.commit",
        "isolation.level",
        "key.serializer",
        "value.serializer",
        "key.deserializer",
        "value.deserializer"
      })
  void what_the_job_decides_itself_can_not_be_set_for_kafka(String property) {
    String key = "kafka." + property;
    SettingSources sources = sources(Map.of(), LEAST).option(key, "mine", key);

    JobSettings settings = read(sources);

    assertThat(problems)
        .singleElement()
        .hasToString(key + " = mine: decided by the job; remove it");
    assertThat(settings.kafka().properties()).doesNotContainKey(property);
  }

  @Test
  void user_and_password_belong_together() {
    SettingSources half = sources(Map.of(), LEAST);
    half.option("registry.user", "kaiseki", "registry.user");
    read(half);
    assertThat(problems).singleElement().asString().startsWith("registry.password: missing");

    problems.clear();
    SettingSources otherHalf = sources(Map.of(), LEAST);
    otherHalf.option("registry.password", "planted", "registry.password");
    read(otherHalf);
    assertThat(problems).singleElement().asString().startsWith("registry.user: missing");

    problems.clear();
    SettingSources whole = sources(Map.of(), LEAST);
    whole
        .option("registry.user", "kaiseki", "registry.user")
        .option("registry.password", "planted", "registry.password");
    assertThat(read(whole).registry().credentials())
        .isEqualTo(new RegistryCredentials.Basic("kaiseki", Secret.of("planted")));
    assertThat(problems).isEmpty();
  }

  @Test
  void a_token_alone_is_how_the_registry_is_asked() {
    SettingSources sources =
        sources(Map.of(), LEAST).option("registry.token", "planted", "registry.token");

    assertThat(read(sources).registry().credentials())
        .isEqualTo(new RegistryCredentials.Bearer(Secret.of("planted")));
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry.user", "registry.password"})
  void a_token_besides_user_or_password_is_refused_and_never_shows(String other) {
    SettingSources sources =
        sources(Map.of(), LEAST)
            .option("registry.token", "planted", "registry.token")
            .option(other, "kaiseki", other);

    read(sources);

    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith("registry.token = ")
        .endsWith("given besides registry.user or registry.password; keep one way to authenticate")
        .doesNotContain("planted");
  }

  @Test
  void a_user_with_a_colon_is_refused_since_its_password_would_begin_there() {
    SettingSources sources =
        sources(Map.of(), LEAST)
            .option("registry.user", "kai:seki", "registry.user")
            .option("registry.password", "planted", "registry.password");

    read(sources);

    assertThat(problems)
        .singleElement()
        .hasToString("registry.user = kai:seki: must not hold a colon");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://desk:planted@registry:8081",
        "http://desk:planted@schema_registry:8081",
        "http://desk:planted/planted@registry:8081",
        "http://desk:planted,planted@registry:8081",
        "http://one:8081,http://desk:planted@two:8081"
      })
  void a_password_in_the_address_of_the_registry_is_refused_and_never_shows(String url) {
    SettingSources sources = sources(Map.of(), LEAST).option("registry.url", url, "registry.url");

    new JobSettingsReader(sources.settings(), problems).read("kaiseki-test", List.of());

    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith("registry.url = http://******@")
        .contains("use the credentials settings")
        .doesNotContain("planted");
    assertThat(sources.settings().toString()).doesNotContain("planted");
  }

  @Test
  void mistakes_in_every_corner_are_reported_together() {
    SettingSources sources =
        new SettingSources(Map.of())
            .option("kafka.bootstrap.servers", "broker", "kafka.bootstrap.servers")
            .option("kafka.group.id", "mine", "kafka.group.id")
            .option("registry.url", "http://registry:8081", "registry.url")
            .option("registry.user", "kaiseki", "registry.user")
            .option("job.parallelism", "none", "job.parallelism")
            .option("job.checkpoint-interal", "1s", "job.checkpoint-interal");

    new JobSettingsReader(sources.settings(), problems).read("kaiseki-test", List.of());

    assertThat(problems)
        .extracting(ConfigurationProblem::toString)
        .containsExactlyInAnyOrder(
            "kafka.bootstrap.servers = broker: expected host:port, or several separated by commas",
            "kafka.group.id = mine: decided by the job; remove it",
            "registry.password: missing; registry.user and registry.password belong together",
            "job.parallelism = none: expected a whole number from 1 to 1024",
            "job.checkpoint-interal = 1s: unknown key; did you mean job.checkpoint-interval?");
  }

  @Test
  void every_missing_address_is_reported_at_once() {
    new JobSettingsReader(Map.of(), problems).read("kaiseki-test", List.of());

    assertThat(problems)
        .extracting(ConfigurationProblem::key)
        .containsExactlyInAnyOrder("kafka.bootstrap.servers", "registry.url");
  }

  private JobSettings read(SettingSources sources) {
    problems.addAll(sources.problems());
    return new JobSettingsReader(sources.settings(), problems)
        .read("kaiseki-test", List.of())
        .settings()
        .orElseThrow();
  }

  private static SettingSources sources(
      Map<String, String> environment, Map<String, String> options) {
    SettingSources sources = new SettingSources(environment);
    options.forEach((key, value) -> sources.option(key, value, key));
    return sources;
  }
}
