package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LetterScreenTest {

  @Test
  void what_a_sender_wrote_can_not_steer_the_terminal() {
    assertThat(LetterScreen.printable("id\u001b[31m\r\n\u202e\u200bÄ\ud83d\ude00"))
        .isEqualTo("id\\u{1b}[31m\\u{d}\\u{a}\\u{202e}\\u{200b}Ä\ud83d\ude00");
  }

  @Test
  void wrong_options_of_deadletters_and_redrive_are_told_together() {
    CommandFixture listed =
        CommandFixture.run(
            "deadletters",
            "ticket-triage",
            "--model",
            "not-here.gguf",
            "--reason",
            "deadlin",
            "--since",
            "soon",
            "--limit",
            "0");
    CommandFixture redriven =
        CommandFixture.run(
            "redrive",
            "ticket-triage",
            "--reason",
            "none",
            "--limit=0",
            "--max-attempts=0",
            "--to=tickets.dead-letters");

    assertThat(listed.exitCode()).isEqualTo(2);
    assertThat(listed.err())
        .contains("5 settings are wrong")
        .contains("--reason = deadlin: did you mean DEADLINE?")
        .contains("--since = soon: expected a duration such as 90s")
        .contains("--limit = 0: expected a whole number from 1 on")
        .contains("kafka.bootstrap.servers: missing")
        .contains("registry.url: missing");
    assertThat(redriven.exitCode()).isEqualTo(2);
    assertThat(redriven.err())
        .contains("6 settings are wrong")
        .contains("--max-attempts = 0")
        .contains("--to = tickets.dead-letters: holds no documents");
  }
}
