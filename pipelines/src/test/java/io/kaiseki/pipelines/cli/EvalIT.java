package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.pipelines.analysis.Analyses;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.job.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evaluations as a person starts them, on a real model with made-up weights. */
class EvalIT {

  private static final int ROWS = 40;
  private static final List<String> CATEGORIES = List.of("billing", "delivery", "privacy");
  private static final List<String> INTENTS = List.of("card_arrival", "age_limit", "atm_support");

  @TempDir Path directory;

  @Test
  void a_report_adds_up_from_its_predictions_and_compares_with_an_earlier_one() throws Exception {
    Path labels = tickets();
    Path first = directory.resolve("first.json");
    Path second = directory.resolve("second.json");
    Path page = directory.resolve("page.html");

    CommandFixture ran =
        eval(
            "ticket-triage",
            labels,
            "--id=id",
            "--title=subject",
            "--cost-per-hour=2.5",
            "--report=" + first);
    CommandFixture again =
        eval(
            "ticket-triage",
            labels,
            "--id=id",
            "--title=subject",
            "--report=" + second,
            "--html=" + page,
            "--against=" + first);

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains("Run 1 of 1: reasoning off")
        .contains("category", "customerQuote", "Tokens", "Cost");
    assertThat(again.exitCode()).as(again.err()).isZero();
    JsonNode report = json(first);
    assertThat(report.at("/documents").asInt()).isEqualTo(ROWS);
    assertThat(report.at("/answered").asInt()).isEqualTo(ROWS);
    assertThat(report.at("/fields").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("category", "needsHuman", "customerQuote", "references");
    for (String field : List.of("category", "needsHuman")) {
      JsonNode score = report.at("/fields/" + field);
      assertThat(score.at("/accuracy").asDouble())
          .isCloseTo((double) correct(report, field) / ROWS, within(1e-12));
      assertThat(score.at("/macroF1").asDouble()).isBetween(0.0, 1.0);
      assertThat(score.at("/ece").asDouble()).isBetween(0.0, 1.0);
      assertThat(score.at("/scaled/logLoss").asDouble()).isPositive();
      assertThat(
              IntStream.range(0, 15)
                  .map(bin -> score.at("/reliability/" + bin + "/documents").asInt())
                  .sum())
          .as("every document is in one bin")
          .isEqualTo(ROWS);
    }
    assertThat(report.at("/fields/customerQuote/overlapF1").asDouble()).isBetween(0.0, 1.0);
    assertThat(report.at("/docsPerSecond").asDouble()).isPositive();
    assertThat(report.at("/costPerDocument").asDouble())
        .isCloseTo(2.5 / 3600 / report.at("/docsPerSecond").asDouble(), within(1e-12));
    assertThat(report.at("/tokensPerDocument/prefix").asDouble()).isGreaterThan(100);
    assertThat(report.at("/predictions/0/id").asText()).isEqualTo("T-0");
    assertThat(report.at("/predictions/0/fields/category/confidence").asDouble()).isPositive();

    JsonNode against = json(second).at("/against/fields/category");
    assertThat(against.at("/compared").asInt()).isEqualTo(ROWS);
    assertThat(against.at("/onlyNow").asInt() - against.at("/onlyFormer").asInt())
        .isEqualTo(correct(json(second), "category") - correct(report, "category"));
    assertThat(Files.readString(page))
        .contains("<svg", "Against first.json")
        .doesNotContain("parcel number");
    assertThat(Files.readString(first)).doesNotContain("parcel number");
  }

  @Test
  void a_frontier_proposes_a_policy_and_the_analysis_has_it_from_then_on() throws Exception {
    Path folder = copy(Path.of("analyses", "bank-intent"));
    Path labels = messages();
    Path report = directory.resolve("frontier.json");
    Path page = directory.resolve("frontier.html");

    CommandFixture ran =
        eval(
            folder.toString(),
            labels,
            "--limit=12",
            "--frontier",
            "--thresholds=0.6",
            "--budget=8",
            "--write",
            "--report=" + report,
            "--html=" + page);

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("Run 3 of 3: reasoning always(8)", "Proposed: reasoning");
    JsonNode frontier = json(report).at("/frontier");
    assertThat(frontier.at("/points")).hasSize(3);
    assertThat(frontier.at("/points").findValuesAsText("reasoning"))
        .containsExactly("off", "when-unsure(0.6,8)", "always(8)");
    JsonNode off = frontier.at("/points/0");
    JsonNode always = frontier.at("/points/2");
    assertThat(off.at("/thought").asDouble()).isZero();
    assertThat(always.at("/thought").asDouble()).isEqualTo(1);
    assertThat(always.at("/tokensPerDocument").asDouble())
        .isGreaterThan(off.at("/tokensPerDocument").asDouble());
    assertThat(always.at("/againstAlways/p").asDouble()).isEqualTo(1);
    assertThat(frontier.at("/target").asDouble()).isEqualTo(always.at("/accuracy").asDouble());
    String proposal = frontier.at("/proposal").asText();
    assertThat(json(report).at("/analysis/reasoning").asText()).isEqualTo(proposal);
    assertThat(json(report).at("/predictions")).hasSize(12);
    assertThat(Files.readString(page)).contains("How much thinking pays");

    assertThat(folder.resolve("calibration.yaml"))
        .content()
        .contains(
            "labels: messages.csv", "documents: 12", json(report).at("/model/sha256").asText());
    var calibrated = Analyses.load(folder.toString(), AnalysisOverrides.none());
    assertThat(calibrated.reasoning().describe()).isEqualTo(proposal);
    assertThat(calibrated.version()).isEqualTo(json(report).at("/analysis/version").asText());
  }

  @Test
  void documents_that_are_too_long_for_the_analysis_are_wrong_and_told_by_reason()
      throws Exception {
    Path report = directory.resolve("report.json");

    CommandFixture ran =
        eval(
            "./analyses/bank-intent",
            messages(),
            "--limit=6",
            "-slimits.document-characters=30",
            "-sreasoning.budget=4",
            "--report=" + report);

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("Failed, and counted as wrong:", "TOO_LONG");
    int tooLong = json(report).at("/failed/TOO_LONG").asInt();
    assertThat(tooLong).isBetween(1, 5);
    assertThat(json(report).at("/answered").asInt()).isEqualTo(6 - tooLong);
    assertThat(json(report).at("/fields/intent/abstention/coverage").asDouble())
        .isCloseTo((6.0 - tooLong) / 6, within(1e-12));
  }

  @Test
  void everything_that_is_wrong_is_told_before_anything_starts() throws Exception {
    Path labels = directory.resolve("bad.csv");
    Files.writeString(labels, "text,intent\nhello,card_arival\n,age_limit\n");
    Path noReport = directory.resolve("none.json");
    Files.writeString(noReport, "{}");

    CommandFixture ran =
        CommandFixture.run(
            "eval",
            "./analyses/bank-intent",
            "--model=/no/such/model.gguf",
            "-smodel.slotz=3",
            "--labels=" + labels,
            "--against=" + noReport,
            "--thresholds=0.5",
            "--limit=0",
            "--cost-per-hour=-1",
            "--report=/no/such/directory/report.json");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .contains("--model = /no/such/model.gguf: no such file")
        .contains("model.slotz = 3: unknown key; did you mean model.slots?")
        .contains("--against = " + noReport + ": no report of kaiseki eval")
        .contains("--thresholds = [0.5]: has no effect without --frontier")
        .contains("--limit = 0")
        .contains("--cost-per-hour = -1.0")
        .contains("--report = /no/such/directory/report.json")
        .contains("column text: there is no text at line 3")
        .contains("column intent = card_arival: at line 2", "did you mean card_arrival?")
        .contains("kaiseki: 9 settings are wrong")
        .doesNotContain("\tat ");
  }

  @Test
  void labels_of_another_analysis_and_a_folder_that_is_none_are_told_too() throws Exception {
    Path labels = directory.resolve("bad.csv");
    Files.writeString(labels, "text,intent\nhello,card_arival\n,age_limit\n");

    CommandFixture ran =
        eval("ticket-triage", labels, "--label=category=intent", "--frontier", "--write");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("--write = ticket-triage: is built in")
        .contains("column intent = age_limit: at line 3; the field category takes one of billing,");
  }

  private CommandFixture eval(String analysis, Path labels, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "eval",
                analysis,
                "--labels=" + labels,
                "--model=" + TinyModel.file(),
                "-smodel.library=shipped"));
    arguments.addAll(List.of(options));
    return CommandFixture.run(arguments.toArray(String[]::new));
  }

  /** Tickets with two closed fields, a quote and a list; the field names are the columns. */
  private Path tickets() throws IOException {
    StringBuilder csv =
        new StringBuilder("id,subject,text,category,needsHuman,customerQuote,references\n");
    for (int i = 0; i < ROWS; i++) {
      csv.append(
          "T-%d,Order %d,\"Hello, my parcel number %d is late.\",%s,%s,%s,%s%n"
              .formatted(
                  i,
                  i,
                  7000 + i,
                  CATEGORIES.get(i % CATEGORIES.size()),
                  i % 2 == 0,
                  i % 4 == 0 ? "" : "my parcel number " + (7000 + i) + " is late",
                  7000 + i));
    }
    Path file = directory.resolve("tickets.csv");
    Files.writeString(file, csv.toString(), StandardCharsets.UTF_8);
    return file;
  }

  /** Short messages, and longer ones in between. */
  private Path messages() throws IOException {
    StringBuilder csv = new StringBuilder("text,intent\n");
    for (int i = 0; i < 24; i++) {
      String text =
          i % 2 == 0 ? "Card number " + i : "Where is the card with the number " + i + "?";
      csv.append(text).append(',').append(INTENTS.get(i % INTENTS.size())).append('\n');
    }
    Path file = directory.resolve("messages.csv");
    Files.writeString(file, csv.toString(), StandardCharsets.UTF_8);
    return file;
  }

  private Path copy(Path analysis) throws IOException {
    Path folder = Files.createDirectory(directory.resolve(analysis.getFileName().toString()));
    for (String file : List.of("analysis.yaml", "instructions.md", "result.avsc")) {
      Files.copy(analysis.resolve(file), folder.resolve(file));
    }
    return folder;
  }

  private static long correct(JsonNode report, String field) {
    int count = 0;
    for (JsonNode prediction : report.at("/predictions")) {
      count += prediction.at("/fields/" + field + "/correct").asBoolean() ? 1 : 0;
    }
    return count;
  }

  private static JsonNode json(Path file) throws IOException {
    return JsonMapper.builder().build().readTree(file.toFile());
  }
}
