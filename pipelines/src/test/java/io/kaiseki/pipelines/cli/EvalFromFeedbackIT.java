package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.pipelines.analysis.Analyses;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.eval.feedback.FeedbackLabels;
import io.kaiseki.pipelines.eval.feedback.LabelFile;
import io.kaiseki.pipelines.eval.labels.Label;
import io.kaiseki.pipelines.eval.labels.LabelReader;
import io.kaiseki.pipelines.eval.labels.LabelRequest;
import io.kaiseki.pipelines.eval.labels.LabelledDocument;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.pipelines.job.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Evaluations on what people said at the desk, with a real broker, registry and model. */
@ExtendWith(ServicesExtension.class)
class EvalFromFeedbackIT {

  private static final Contract CONTRACT =
      Analyses.load("ticket-triage", AnalysisOverrides.none()).contract();

  @TempDir Path directory;

  @Test
  void the_report_rests_on_the_latest_words_and_the_same_labels_can_be_kept() throws Exception {
    Path lines = directory.resolve("labels.jsonl");
    Path rows = directory.resolve("labels.csv");
    Path report = directory.resolve("report.json");
    CommandFixture ran;
    try (FeedbackTopics topics = new FeedbackTopics(CONTRACT.schema())) {
      write(topics);
      ran = eval(topics, "--export-labels=" + lines, "--report=" + report);
      // As the command does it for a name that ends so.
      topics.labels(CONTRACT).write(rows);
    }

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains("4 documents with feedback in ", "2 more whose text is empty or no longer kept")
        .contains("5 words left out")
        .contains(
            "Labels of 4 documents: category 2, needsHuman 1, product 1, references 1, summary 1")
        .contains("--labels " + lines + " --id id --title title\n");

    Map<String, Map<String, Label>> expected =
        Map.of(
            "T-0",
            Map.of("category", new Label.Closed("delivery")),
            "T-1",
            Map.of(
                "category",
                new Label.Closed("billing"),
                "needsHuman",
                new Label.Closed("true"),
                "product",
                new Label.Open(List.of())),
            "T-2",
            Map.of("references", new Label.Open(List.of("A-1", "B-22"))),
            "T-3",
            Map.of("summary", new Label.Open(List.of("Asks, in \"words\", for more."))));
    assertThat(labels(lines, Optional.empty())).isEqualTo(expected);
    assertThat(LabelFile.unlabelled(lines)).isEmpty();
    assertThat(labels(rows, LabelFile.unlabelled(rows))).isEqualTo(expected);
    assertThat(Files.readAllLines(rows).get(0))
        .isEqualTo("id,title,text,category,needsHuman,product,references,summary");

    JsonNode figures = JsonMapper.builder().build().readTree(report.toFile());
    assertThat(figures.at("/documents").asInt()).isEqualTo(4);
    assertThat(figures.at("/answered").asInt()).isEqualTo(4);
    assertThat(figures.at("/fields").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("category", "needsHuman", "product", "references", "summary");
    assertThat(figures.at("/fields/category/documents").asInt()).isEqualTo(2);
    assertThat(figures.at("/fields/needsHuman/documents").asInt()).isEqualTo(1);
    assertThat(figures.at("/fields/category/labels/delivery/documents").asInt()).isEqualTo(1);
    assertThat(figures.at("/fields/category/labels/billing/documents").asInt()).isEqualTo(1);
    assertThat(figures.at("/fields/references/documents").asInt()).isEqualTo(1);
    for (String field : List.of("category", "needsHuman")) {
      int right = 0;
      int judged = 0;
      for (JsonNode prediction : figures.at("/predictions")) {
        JsonNode one = prediction.at("/fields/" + field);
        judged += one.isMissingNode() ? 0 : 1;
        right += one.path("correct").asBoolean() ? 1 : 0;
      }
      assertThat(judged).isEqualTo(figures.at("/fields/" + field + "/documents").asInt());
      assertThat(figures.at("/fields/" + field + "/accuracy").asDouble())
          .isCloseTo((double) right / judged, within(1e-12));
    }
  }

  @Test
  void where_nobody_has_said_anything_that_is_told() throws Exception {
    try (FeedbackTopics topics = new FeedbackTopics(CONTRACT.schema())) {
      topics.document("T-0", null, "Hello");
      topics.flush();
      CommandFixture ran = eval(topics);
      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.err())
          .contains("--from-feedback", "holds no feedback on answers of ticket-triage");
    }
  }

  @Test
  void words_on_what_another_analysis_has_answered_are_no_labels_of_this_one() throws Exception {
    Path lines = directory.resolve("labels.jsonl");
    FeedbackLabels.Written written;
    try (FeedbackTopics topics = new FeedbackTopics(CONTRACT.schema())) {
      topics.document("T-0", null, "Where is it?");
      topics.document("T-1", null, "Where is it?");
      topics.word("T-0", "category", "question", "delivery");
      topics.wordOn("mail-triage", "T-0", "category", "question", "billing");
      topics.wordOn("mail-triage", "T-1", "category", "question", "billing");
      topics.flush();
      written = topics.labels(CONTRACT).write(lines);
    }

    assertThat(labels(lines, Optional.empty()))
        .isEqualTo(Map.of("T-0", Map.of("category", new Label.Closed("delivery"))));
    assertThat(written).isEqualTo(new FeedbackLabels.Written(1, 0, 0));
  }

  @Test
  void where_no_desk_has_been_at_work_there_is_no_feedback_yet() throws Exception {
    try (FeedbackTopics topics = new FeedbackTopics(CONTRACT.schema())) {
      CommandFixture ran = eval(topics, "-sdesk.feedback=nobody.has.said");
      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.err())
          .contains("--from-feedback = nobody.has.said: there is no such topic, and so no feedback")
          .doesNotContain("can't be read");
    }
  }

  @Test
  void deleted_documents_do_not_come_back_as_labels() throws Exception {
    Path lines = directory.resolve("labels.jsonl");
    FeedbackLabels.Written written;
    try (FeedbackTopics topics = new FeedbackTopics(CONTRACT.schema())) {
      for (int i = 0; i < 4; i++) {
        topics.document("T-" + i, null, "Where is it?");
        topics.result("T-" + i, answer());
        topics.word("T-" + i, "category", "question", "delivery");
        topics.word("T-" + i, "references[1]", "B-2", "B-22");
      }
      topics.noDocument("T-1");
      topics.noResult("T-2");
      // Sent once more after that.
      topics.noDocument("T-3");
      topics.document("T-3", null, "Where is it now?");
      topics.noResult("T-3");
      topics.result("T-3", answer());
      topics.flush();
      written = topics.labels(CONTRACT).write(lines);
    }

    assertThat(labels(lines, Optional.empty())).containsOnlyKeys("T-0", "T-3");
    assertThat(written).isEqualTo(new FeedbackLabels.Written(2, 1, 0));
    assertThat(Files.readString(lines)).contains("Where is it now?").contains("B-22");
  }

  @Test
  void the_texts_of_judged_documents_are_gone_from_the_disk_before_the_process_ends()
      throws Exception {
    Set<Path> before = filesOfFeedback();
    CommandFixture ran;
    try (FeedbackTopics topics = new FeedbackTopics(CONTRACT.schema())) {
      write(topics);
      ran = eval(topics);
    }

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("Labels of 4 documents");
    assertThat(filesOfFeedback()).isEqualTo(before);
  }

  private static Set<Path> filesOfFeedback() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith("kaiseki-feedback"))
          .collect(Collectors.toSet());
    }
  }

  private static void write(FeedbackTopics topics) {
    for (int i = 0; i < 5; i++) {
      topics.document("T-" + i, i == 0 ? null : "Order " + i, "Where is parcel A-1, \"please\"?");
      topics.result("T-" + i, answer());
    }
    topics.word("T-0", "category", "question", "other");
    topics.word("T-0", "category", "question", "delivery");
    topics.word("T-1", "category", "question", "billing");
    topics.word("T-1", "needsHuman", "false", "true");
    topics.word("T-1", "product", "router", null);
    // A part of a list, and one of a list that had another item by then.
    topics.word("T-2", "references[1]", "B-2", "B-22");
    topics.word("T-3", "references[0]", "C-9", "C-8");
    topics.word("T-3", "summary", "Asks.", "Asks, in \"words\", for more.");
    // What a field can't be: no text where there must be some, and none of a list's items.
    topics.word("T-4", "summary", "Asks.", " ");
    topics.word("T-4", "references", "[\"A-1\",\"B-2\"]", "[{\"a\": ");
    // What the analysis no longer knows.
    topics.word("T-4", "category", "question", "sales");
    topics.word("T-4", "mood", "good", "bad");
    topics.word("T-5", "category", "question", "billing");
    // A document without any text.
    topics.document("T-6", " ", "\n");
    topics.word("T-6", "category", "question", "billing");
    topics.flush();
  }

  private static GenericRecord answer() {
    Schema schema = CONTRACT.schema();
    GenericRecord answer = new GenericData.Record(schema);
    for (String field : List.of("language", "category", "priority", "sentiment", "suggestedTeam")) {
      Schema type = schema.getField(field).schema();
      answer.put(field, new GenericData.EnumSymbol(type, type.getEnumSymbols().get(0)));
    }
    answer.put("needsHuman", false);
    answer.put("product", "router");
    answer.put("references", List.of("A-1", "B-2"));
    answer.put("summary", "Asks.");
    return answer;
  }

  private static Map<String, Map<String, Label>> labels(Path file, Optional<String> unlabelled) {
    Map<String, Map<String, Label>> labels = new HashMap<>();
    new LabelReader(
            new LabelRequest(
                file,
                "text",
                Optional.of("id"),
                Optional.of("title"),
                Map.of(),
                Optional.empty(),
                unlabelled,
                OptionalInt.empty(),
                1,
                true),
            CONTRACT,
            new ArrayList<>())
        .read()
        .orElseThrow()
        .documents()
        .forEach((LabelledDocument document) -> labels.put(document.id(), document.labels()));
    return labels;
  }

  private static CommandFixture eval(FeedbackTopics topics, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("eval", "ticket-triage", "--from-feedback"));
    arguments.addAll(topics.options());
    arguments.addAll(List.of("--model=" + TinyModel.file(), "-smodel.library=shipped"));
    arguments.addAll(List.of(options));
    return CommandFixture.run(arguments.toArray(String[]::new));
  }
}
