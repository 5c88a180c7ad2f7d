package io.kaiseki.pipelines.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.pipelines.eval.metrics.McNemar;
import io.kaiseki.pipelines.eval.score.Comparison;
import io.kaiseki.pipelines.eval.score.Evaluation;
import io.kaiseki.pipelines.eval.score.Frontier;
import io.kaiseki.pipelines.eval.score.Runs;
import java.io.StringReader;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class EvalReportTest {

  private static final String HOSTILE = "</td><script>alert('&')</script>\u0000\uD800";

  @Test
  void hostile_labels_and_names_are_text_and_the_page_stays_well_formed() throws Exception {
    EvalReport report =
        report(
            List.of(Runs.answered("billing", 0.9, 0), Runs.answered("billing", 0.8, 0)),
            "billing",
            HOSTILE);

    String page = EvalHtml.of(report);

    Document parsed = parsed(page);
    assertThat(parsed.getElementsByTagName("script").getLength()).isZero();
    assertThat(page).doesNotContain("<script").contains("&lt;script&gt;alert('&amp;')");
    assertThat(parsed.getDocumentElement().getTextContent())
        .as("what no page may hold is shown as what it is")
        .contains("alert('&')</script>\uFFFD\uFFFD");
  }

  @Test
  void a_field_that_an_earlier_run_tells_nothing_of_is_named_beside_those_that_are_compared()
      throws Exception {
    String due =
        "due: not compared; before.json has no answer to it that can be judged by these labels.";

    assertThat(EvalTable.of(withFrontier())).contains("topic: Of 4 documents", due);
    assertThat(parsed(EvalHtml.of(withFrontier())).getDocumentElement().getTextContent())
        .contains("topic: Of 4 documents", due);
  }

  @Test
  void the_page_needs_nothing_else_and_shows_every_plot() throws Exception {
    String page = EvalHtml.of(withFrontier());

    Document parsed = parsed(page);
    assertThat(parsed.getElementsByTagName("svg").getLength())
        .as("frontier, reliability, risk and coverage")
        .isEqualTo(3);
    assertThat(page)
        .doesNotContain("src=", "href=", "@import", "url(")
        .contains("default-src 'none'", "prefers-color-scheme: dark")
        .doesNotContain("secret text");
    assertThat(parsed.getDocumentElement().getTextContent())
        .contains("Proposed: reasoning off")
        .contains("1 DEADLINE, such as: made up");
  }

  @Test
  void a_report_without_closed_fields_or_cost_is_still_a_page_and_a_table() throws Exception {
    EvalReport report = report(List.of(Runs.answered("billing", 0.9, 0)), "billing");
    Evaluation all = report.evaluation();
    EvalReport open =
        new EvalReport(
            new Evaluation(
                all.labels(),
                all.pass(),
                Map.of(),
                all.open(),
                all.usage(),
                all.failures(),
                all.predictions()),
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.empty());

    assertThat(parsed(EvalHtml.of(open)).getElementsByTagName("svg").getLength()).isZero();
    assertThat(EvalTable.of(open)).contains("due").doesNotContain("closed field", "Cost");
  }

  @Test
  void the_json_has_what_the_documentation_names_and_no_document_text() {
    JsonNode json = EvalJson.of(withFrontier());

    assertThat(json.at("/fields/topic/accuracy").asDouble()).isEqualTo(0.5);
    assertThat(json.at("/fields/topic/macroF1").isNumber()).isTrue();
    assertThat(json.at("/fields/topic/ece").isNumber()).isTrue();
    assertThat(json.at("/fields/topic/scaled/temperature").isNumber()).isTrue();
    assertThat(json.at("/fields/topic/reliability")).hasSize(15);
    assertThat(json.at("/fields/topic/abstention/coverage").asDouble()).isEqualTo(0.75);
    assertThat(json.at("/fields/due/exactMatch").asDouble()).isEqualTo(0.75);
    assertThat(json.at("/failed/DEADLINE").asInt()).isEqualTo(1);
    assertThat(json.at("/costPerDocument").asDouble())
        .as("7.2 an hour at 2 documents a second")
        .isEqualTo(0.001);
    assertThat(json.at("/against/fields/topic/onlyNow").asInt()).isEqualTo(5);
    assertThat(json.at("/frontier/points")).hasSize(2);
    assertThat(json.at("/frontier/points/0/timesAlways/median").asDouble()).isEqualTo(1);
    assertThat(json.at("/frontier/proposal").asText()).isEqualTo("off");
    assertThat(json.at("/predictions")).hasSize(4);
    assertThat(json.at("/predictions/0/fields/topic/label").asText()).isEqualTo("billing");
    assertThat(json.at("/predictions/3/fields/topic/truth").asText()).isEqualTo("delivery");
    assertThat(json.at("/predictions/0/fields/due/truth").asText()).as("a hash").hasSize(16);
    assertThat(json.at("/predictions/3/failed").asText()).isEqualTo("DEADLINE");
    assertThat(json.toString()).doesNotContain("secret text");
  }

  @Test
  void without_confidences_a_report_says_so_and_has_no_figures_that_rest_on_them()
      throws Exception {
    EvalReport report =
        report(
            List.of(Runs.withoutConfidence("billing"), Runs.withoutConfidence("billing")),
            "billing",
            "delivery");

    JsonNode topic = EvalJson.of(report).at("/fields/topic");
    assertThat(topic.at("/accuracy").asDouble()).isEqualTo(0.5);
    assertThat(topic.at("/confusions")).hasSize(1);
    assertThat(topic.at("/abstention/coverage").asDouble()).isEqualTo(1);
    assertThat(topic.fieldNames())
        .toIterable()
        .doesNotContain(
            "ece", "logLoss", "scaled", "calibrated", "reliability", "aurc", "riskCoverage");
    assertThat(EvalJson.of(report).at("/predictions/0/fields/topic").fieldNames())
        .toIterable()
        .containsExactly("truth", "correct", "label", "abstained");
    assertThat(EvalTable.of(report)).containsPattern("topic .* 0\\.333( +-){5} +100\\.0%");
    Document page = parsed(EvalHtml.of(report));
    assertThat(page.getElementsByTagName("svg").getLength()).isZero();
    assertThat(page.getDocumentElement().getTextContent())
        .contains("The server gave no confidences");
  }

  @Test
  void the_table_has_a_row_for_each_field_and_each_policy() {
    assertThat(EvalTable.of(withFrontier()))
        .contains("topic", "50.0%", "due", "75.0%")
        .contains("off ", "always(64)")
        .contains("Failed, and counted as wrong:", "1 DEADLINE, such as: made up")
        .contains("Cost     0.001000 a document, at 7.20 an hour");
  }

  @Test
  void a_policy_that_failed_more_than_others_is_named_with_its_failures() throws Exception {
    Outcome late = Runs.failed(FailureReason.DEADLINE);
    Evaluation off =
        Evaluation.of(
            Runs.labels("billing", "billing", "billing"),
            Runs.pass(
                ReasoningPolicy.OFF, Collections.nCopies(3, Runs.answered("billing", 0.9, 0))));
    Evaluation always =
        Evaluation.of(
            off.labels(),
            Runs.pass(
                new ReasoningPolicy.Always(64),
                List.of(Runs.answered("billing", 0.9, 40), late, late)));
    Frontier frontier = Frontier.of(List.of(off, always), List.of("topic"), OptionalDouble.empty());
    EvalReport report =
        new EvalReport(off, OptionalDouble.empty(), Optional.empty(), Optional.of(frontier));

    String words =
        "Nothing is proposed: the target is the accuracy of always thinking, but that failed on more"
            + " documents than others did";
    String failures = "More documents failed under always(64) (2 of 3: 2 DEADLINE) than under the";
    assertThat(EvalTable.of(report))
        .contains(words, failures, "DEADLINE, such as: made up.")
        .containsPattern("reasoning +accuracy +failed ")
        .containsPattern("always\\(64\\) +33\\.3% +2 ");
    assertThat(parsed(EvalHtml.of(report)).getDocumentElement().getTextContent())
        .contains(words, failures, "failed")
        .doesNotContain("The dashed line");
    JsonNode json = EvalJson.of(report).at("/frontier");
    assertThat(json.fieldNames()).toIterable().doesNotContain("target", "proposal");
    assertThat(json.at("/points/1/failed").asInt()).isEqualTo(2);
  }

  @Test
  void a_field_that_is_out_of_scope_in_every_document_has_no_accuracy() throws Exception {
    EvalReport report =
        new EvalReport(
            Evaluation.of(
                Runs.outOfScope("billing"),
                Runs.pass(ReasoningPolicy.OFF, List.of(Runs.answered("billing", 0.9, 0)))),
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.empty());

    assertThat(parsed(EvalHtml.of(report)).getDocumentElement().getTextContent())
        .contains("topic right", "No document has a label of this field. Of 1 documents that no")
        .doesNotContain("channel right", "0 of 0");
    assertThat(EvalTable.of(report))
        .containsPattern("topic +100\\.0%")
        .contains("channel: 1 out-of-scope documents")
        .doesNotContainPattern("channel +0\\.0%");
    assertThat(EvalJson.of(report).at("/fields/channel").fieldNames())
        .toIterable()
        .contains("outOfScope")
        .doesNotContain("accuracy", "macroF1");
  }

  @Test
  void of_two_models_it_is_told_how_often_the_second_answered() throws Exception {
    List<Outcome> outcomes =
        List.of(
            Runs.answered("billing", 0.9, 0),
            Runs.escalated("billing", new TokenUsage(100, true, 20, 0, 10, 4)));
    EvalReport report =
        new EvalReport(
            Evaluation.of(
                Runs.labels("billing", "billing"),
                Runs.beforeSecondModel(Runs.pass(ReasoningPolicy.OFF, outcomes))),
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.empty());

    String words = "big gave 50.0% of the answers, where tiny.gguf was unsure";
    assertThat(EvalTable.of(report)).contains(words);
    assertThat(parsed(EvalHtml.of(report)).getDocumentElement().getTextContent()).contains(words);
    assertThat(EvalJson.of(report).at("/secondModel").asText()).isEqualTo("big");
    assertThat(EvalJson.of(report).at("/escalated").asDouble()).isEqualTo(0.5);
    assertThat(EvalJson.of(report).at("/tokensPerDocument/computed").asDouble()).isEqualTo(30 + 15);
  }

  private static EvalReport withFrontier() {
    List<Outcome> outcomes =
        List.of(
            Runs.answered("billing", 0.9, 0),
            Runs.answered("billing", 0.8, 0),
            Runs.answered("billing", 0.6, 0),
            Runs.failed(FailureReason.DEADLINE));
    Evaluation off =
        Evaluation.of(
            Runs.labels("billing", "billing", "delivery", "delivery"),
            Runs.pass(ReasoningPolicy.OFF, outcomes));
    Evaluation always =
        Evaluation.of(off.labels(), Runs.pass(new ReasoningPolicy.Always(64), outcomes));
    return new EvalReport(
        off,
        OptionalDouble.of(7.2),
        Optional.of(new Comparison("before.json", Map.of("topic", new McNemar(0, 5, 4)))),
        Optional.of(Frontier.of(List.of(off, always), List.of("topic"), OptionalDouble.empty())));
  }

  private static EvalReport report(List<Outcome> outcomes, String... topics) {
    return new EvalReport(
        Evaluation.of(Runs.labels(topics), Runs.pass(ReasoningPolicy.OFF, outcomes)),
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Document parsed(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page)));
  }
}
