package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchCommandTest {

  @Test
  void a_bench_with_wrong_options_names_all_of_them_and_starts_nothing() {
    CommandFixture ran =
        CommandFixture.run(
            "bench",
            "--shape=small",
            "--workload=mixed",
            "--slots=0",
            "--documents=0",
            "--rounds=0",
            "--live-share=2",
            "--arrivals=never",
            "--library=no",
            "--plot=p.svg");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .contains("8 settings are wrong")
        .contains("--shape = small", "--slots = 0", "--documents = 0")
        .contains("--rounds = 0", "--live-share = 2.0", "--arrivals = never", "--library = no")
        .contains("--plot = p.svg");
  }

  @Test
  void arms_that_there_are_not_or_that_lack_their_server_are_named() {
    CommandFixture ran =
        CommandFixture.run("bench", "--shape=tiny", "--arms=engine:none,openai:4,other");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("3 settings are wrong")
        .contains("--arms = other", "--arms = engine:none", "--openai: missing");
  }

  @Test
  void mixed_refuses_what_only_compared_arms_heed() {
    CommandFixture ran =
        CommandFixture.run(
            "bench",
            "--shape=tiny",
            "--workload=mixed",
            "--arms=engine:16",
            "--cold",
            "--openai=http://127.0.0.1:1",
            "--openai-model=m");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("4 settings are wrong")
        .contains("--arms = [engine:16]: has no effect with the workload mixed; leave it out")
        .contains("--cold: has no effect", "--openai = http", "--openai-model = m");
  }

  @Test
  void overhead_refuses_what_only_a_model_heeds_even_where_it_is_the_default() {
    CommandFixture ran =
        CommandFixture.run(
            "bench",
            "--workload=overhead",
            "--arms=engine",
            "--slots=4",
            "--threads=0",
            "--library=auto",
            "--live-share=0.3",
            "--arrivals=poisson");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("6 settings are wrong")
        .contains("--arms = [engine]: has no effect with the workload overhead; leave it out")
        .contains("--slots = [4]", "--threads = 0", "--library = auto")
        .contains("--live-share = 0.3", "--arrivals = poisson");
  }

  @Test
  void a_comparison_of_arms_refuses_live_documents_and_a_server_that_no_arm_asks() {
    CommandFixture ran =
        CommandFixture.run(
            "bench",
            "--shape=tiny",
            "--live-share=0.3",
            "--arrivals=fixed",
            "--openai=http://127.0.0.1:1",
            "--openai-model=m");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("4 settings are wrong")
        .contains("--live-share = 0.3: has no effect with the workload triage; leave it out")
        .contains("--arrivals = fixed: has no effect")
        .contains("--openai = http://127.0.0.1:1: has no effect without the arm openai")
        .contains("--openai-model = m: has no effect without the arm openai");
  }

  @Test
  void a_comparison_refuses_what_none_of_its_arms_heeds() {
    CommandFixture ran =
        CommandFixture.run(
            "bench", "--shape=tiny", "--arms=pipeline:4,sequential", "--cold", "--slots=1,8");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("2 settings are wrong")
        .contains("--cold: has no effect on the arms asked for; leave it out")
        .contains("--slots = [1, 8]: has no effect, each arm has its own number; leave it out");
  }

  @Test
  void a_comparison_takes_what_one_of_its_arms_heeds() {
    for (String arms : List.of("pipeline:4,engine", "pipeline:4,all", "sequential,engien")) {
      CommandFixture ran =
          CommandFixture.run(
              "bench", "--shape=tiny", "--rounds=0", "--arms=" + arms, "--cold", "--slots=1,8");

      assertThat(ran.err()).contains("--rounds = 0").doesNotContain("--cold", "--slots");
    }
  }

  @Test
  void the_name_of_a_server_s_model_needs_the_server() {
    CommandFixture ran =
        CommandFixture.run("bench", "--shape=tiny", "--arms=all", "--openai-model=m");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--openai-model = m: has no effect without --openai");
  }

  @Test
  void a_bench_of_the_pipeline_alone_takes_no_model() {
    CommandFixture ran =
        CommandFixture.run("bench", "--workload=overhead", "--shape=tiny", "--plot=p.svg");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("2 settings are wrong")
        .contains("--shape = tiny: the workload overhead has no model", "--plot = p.svg");
  }

  @Test
  void an_analysis_of_ones_own_and_its_documents_are_checked_before_anything_is_measured() {
    CommandFixture ran =
        CommandFixture.run(
            "bench", "--shape=tiny", "--analysis=no-such-analysis", "--from=no-such-file.csv");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("2 settings are wrong")
        .contains("no-such-analysis")
        .contains("--from = no-such-file.csv: no such file or folder");
  }

  @Test
  void documents_of_ones_own_are_for_an_analysis_of_ones_own() {
    CommandFixture ran = CommandFixture.run("bench", "--shape=tiny", "--from=src");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--from = [src]: is for --analysis; a workload has its own");
  }

  @Test
  void what_reasons_about_every_document_is_not_compared_under_an_analysis_that_seldom_does() {
    for (String arms : List.of("engine,llama-model:4", "all")) {
      CommandFixture ran =
          CommandFixture.run(
              "bench", "--shape=tiny", "--analysis=./analyses/bank-intent", "--arms=" + arms);

      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.err())
          .contains("--arms = llama-model: it would reason about every document")
          .contains("when-unsure(0.5,64)", "leave the arm out");
    }
  }

  @Test
  void time_left_is_told_in_round_figures() {
    assertThat(BenchScreen.shown(Duration.ofSeconds(42))).isEqualTo("about 42 s");
    assertThat(BenchScreen.shown(Duration.ofSeconds(400))).isEqualTo("about 7 min");
    assertThat(BenchScreen.shown(Duration.ofMinutes(125))).isEqualTo("about 2 h 5 min");
  }
}
