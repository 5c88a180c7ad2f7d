package io.kaiseki.pipelines.eval.labels;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.contract.Contract;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelReaderTest {

  private static final Contract CONTRACT =
      Contract.of(
          new Schema.Parser()
              .parse(
                  """
                  {"type": "record", "name": "Mail", "namespace": "test", "fields": [
                    {"name": "topic", "type": {"type": "enum", "name": "Topic",
                      "symbols": ["billing", "delivery", "other"]}},
                    {"name": "mood", "type": ["null", {"type": "enum", "name": "Mood",
                      "symbols": ["good", "bad"]}]},
                    {"name": "urgent", "type": "boolean"},
                    {"name": "quote", "type": ["null", "string"], "quote": true},
                    {"name": "summary", "type": "string"},
                    {"name": "numbers", "type": {"type": "array", "items": "string"}},
                    {"name": "amount", "type": ["null", "double"], "minimum": 0, "maximum": 1000},
                    {"name": "parties", "type": {"type": "array", "items": {"type": "record",
                      "name": "Party", "fields": [
                        {"name": "name", "type": "string"},
                        {"name": "role", "type": {"type": "enum", "name": "Role",
                          "symbols": ["seller", "buyer"]}}]}}}
                  ]}
                  """));

  @TempDir Path directory;
  private final List<ConfigurationProblem> problems = new ArrayList<>();

  @Test
  void columns_that_are_called_like_fields_are_their_labels() {
    Labels labels =
        read(
                "mails.csv",
                """
                text,topic,urgent,note
                "Where is it, please?
                It was due on Monday.",delivery,FALSE,x

                My bill is wrong,billing,true,y
                """)
            .orElseThrow();

    assertThat(labels.fields()).extracting(LabelledField::name).containsExactly("topic", "urgent");
    LabelledDocument first = labels.documents().get(0);
    assertThat(first.id()).isEqualTo("line-2");
    assertThat(first.body()).isEqualTo("Where is it, please?\nIt was due on Monday.");
    assertThat(first.labels())
        .containsEntry("topic", new Label.Closed("delivery"))
        .containsEntry("urgent", new Label.Closed("false"));
    assertThat(labels.documents().get(1).id())
        .as("lines within a text and empty ones count")
        .isEqualTo("line-5");
  }

  @Test
  void a_column_of_the_document_itself_has_no_labels_though_it_is_called_like_a_field() {
    Labels labels =
        read(
                request("mails.csv", Map.of()).withTitle("summary").withId("quote"),
                "quote,summary,text,topic\nT-1,Parcel,Where is it?,delivery\n")
            .orElseThrow();

    assertThat(labels.fields()).extracting(LabelledField::name).containsExactly("topic");
    assertThat(labels.documents().get(0).title()).contains("Parcel");
  }

  @Test
  void json_lines_keep_lists_and_nulls() {
    Labels labels =
        read(
                "mails.jsonl",
                """
                {"text": "a", "topic": "other", "mood": null, "numbers": ["A-1", "B-2"], "amount": 12.50}
                {"text": "b", "topic": "other", "mood": "bad", "numbers": [], "amount": null}
                """)
            .orElseThrow();

    assertThat(labels.documents().get(0).labels())
        .containsEntry("mood", new Label.Closed("null"))
        .containsEntry("numbers", new Label.Open(List.of("A-1", "B-2")))
        .containsEntry("amount", new Label.Open(List.of("12.5")));
    assertThat(labels.documents().get(1).labels())
        .containsEntry("numbers", new Label.Open(List.of()))
        .containsEntry("amount", new Label.Open(List.of()));
  }

  @Test
  void an_empty_label_of_a_field_that_may_be_null_means_null() {
    Labels labels =
        read(
                "mails.csv",
                "text,mood,quote,numbers\nhello,,,\nhello,null,\"my  bill\",\"[\"\"A\"\"]\"\n")
            .orElseThrow();

    assertThat(labels.documents().get(0).labels())
        .containsEntry("mood", new Label.Closed("null"))
        .containsEntry("quote", new Label.Open(List.of()))
        .containsEntry("numbers", new Label.Open(List.of()));
    assertThat(labels.documents().get(1).labels())
        .containsEntry("mood", new Label.Closed("null"))
        .containsEntry("quote", new Label.Open(List.of("my bill")))
        .containsEntry("numbers", new Label.Open(List.of("A")));
  }

  @Test
  void everything_that_is_wrong_with_a_file_is_told_at_once() {
    Optional<Labels> labels =
        read(
            request("mails.csv", Map.of("topic", "category", "toppic", "category", "urgent", "no"))
                .withTitle("subject"),
            """
            text,category,summary
            one,biling,s
            ,billing,s
            three,biling,s
            four,,s
            """);

    assertThat(labels).isEmpty();
    assertThat(problems)
        .extracting(ConfigurationProblem::toString)
        .containsExactlyInAnyOrder(
            "--title = subject: no such column; the file has text, category, summary",
            "--label = toppic=category: no such field; did you mean topic?",
            "--label urgent = no: no such column; the file has text, category, summary",
            "column text: there is no text at line 3",
            "column category = biling: at lines 2, 4; the field topic takes other labels; did you"
                + " mean billing?",
            "column category: at line 5, there is no label; the field topic takes one of billing,"
                + " delivery, other");
  }

  @Test
  void rows_of_a_file_that_nobody_has_seen_are_named_by_the_ids_of_their_documents() {
    Optional<Labels> labels =
        read(
            request("mails.jsonl", Map.of()).withId("key").withRowsNamedById(),
            """
            {"key": "T-1", "text": "a", "topic": "sales", "summary": "s"}
            {"key": "T-2", "text": " ", "topic": "other", "summary": "s"}
            {"key": "T-3", "text": "c", "topic": "sales", "summary": "\\t"}
            """);

    assertThat(labels).isEmpty();
    assertThat(problems)
        .extracting(ConfigurationProblem::toString)
        .containsExactly(
            "column text: there is no text in document T-2",
            "column topic = sales: in documents T-1, T-3; the field topic takes one of billing,"
                + " delivery, other",
            "column summary: in document T-3, there is no label; the field summary takes some"
                + " value");
  }

  @Test
  void many_lines_with_one_mistake_are_one_problem_that_names_the_first_of_them() {
    read("mails.csv", "text,topic\n" + "hello,spam\n".repeat(40));

    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).toString()).contains("at lines 2, 3, 4, 5, 6 and 35 more");
  }

  @Test
  void a_number_that_is_none_and_a_text_that_is_missing_are_problems() {
    read("mails.csv", "text,amount,summary\nhello,much,\n");

    assertThat(problems)
        .extracting(ConfigurationProblem::toString)
        .containsExactlyInAnyOrder(
            "column amount = much: at line 2; the field amount takes a number, such as 12.5",
            "column summary: at line 2, there is no label; the field summary takes some value");
  }

  @Test
  void lists_and_records_that_are_not_of_the_type_of_their_field_are_problems() {
    read(
        "mails.jsonl",
        """
        {"text": "a", "quote": ["my bill"], "summary": {"en": "s"}, "numbers": [{"number": "A-1"}]}
        {"text": "b", "parties": [{"name": "Ada", "role": "buyer"}, {"name": "Bob", "rolle": "seller"}]}
        {"text": "c", "parties": [{"name": "Ada", "role": "byer"}]}
        """);
    read("mails.csv", "text,numbers\na,[2024] Report\nb,\"[\"\"A-1\"\"], [\"\"B-2\"\"]\"\n");

    assertThat(problems)
        .extracting(ConfigurationProblem::toString)
        .containsExactly(
            "column quote = [\"my bill\"]: at line 1; the field quote takes a text",
            "column summary = {\"en\":\"s\"}: at line 1; the field summary takes a text",
            "column numbers = [{\"number\":\"A-1\"}]: at line 1; the field numbers takes a text",
            "column parties = [{\"name\":\"Ada\",\"role\":\"buyer\"},{\"name\":\"Bob\",\"rolle\":\"seller...:"
                + " at line 2; the field parties takes a record of name, role; did you mean role?",
            "column parties = [{\"name\":\"Ada\",\"role\":\"byer\"}]: at line 3; the field parties takes"
                + " a record whose role takes other labels; did you mean buyer?",
            "column numbers = [2024] Report: at line 2; the field numbers takes a list or record as"
                + " JSON",
            "column numbers = [\"A-1\"], [\"B-2\"]: at line 3; the field numbers takes a list or"
                + " record as JSON");
  }

  @Test
  void numbers_keep_all_their_digits_in_either_form_of_file() {
    String number = "1234567890123456.78";
    Labels rows = read("mails.csv", "text,amount\na," + number + "\n").orElseThrow();
    Labels lines =
        read("mails.jsonl", "{\"text\": \"a\", \"amount\": %s}\n".formatted(number)).orElseThrow();

    assertThat(rows.documents().get(0).labels())
        .isEqualTo(lines.documents().get(0).labels())
        .containsEntry("amount", new Label.Open(List.of(number)));
  }

  @Test
  void a_file_without_a_column_for_any_field_says_what_columns_and_fields_there_are() {
    read("mails.csv", "text,category\nhello,billing\n");

    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).toString())
        .contains("--label FIELD=COLUMN", "topic, mood", "text, category");
  }

  @Test
  void ids_must_be_there_and_be_unique() {
    read(
        request("mails.csv", Map.of()).withId("key"),
        "key,text,topic\nA,one,other\n,two,other\nA,three,other\n");

    assertThat(problems)
        .extracting(ConfigurationProblem::toString)
        .containsExactlyInAnyOrder(
            "column key = A: is the id of several documents, at lines 2, 4",
            "column key: there is no id at line 3");
  }

  @Test
  void documents_that_no_label_fits_are_marked_by_a_word_that_is_no_label() {
    Labels labels =
        read(
                request("mails.csv", Map.of()).withOutOfScope("oos"),
                "text,topic\nhello,oos\nbill,billing\n")
            .orElseThrow();

    assertThat(labels.documents().get(0).labels())
        .containsEntry("topic", new Label.OutOfScope("oos"));

    read(request("again.csv", Map.of()).withOutOfScope("other"), "text,topic\nhello,billing\n");
    assertThat(problems)
        .extracting(ConfigurationProblem::toString)
        .containsExactlyInAnyOrder(
            "--out-of-scope = other: is a label of the field topic; name a word that is none",
            "--out-of-scope = other: stands in no row of a closed field's column");
  }

  @Test
  void a_field_that_nobody_has_labelled_is_no_mistake_and_has_no_label() {
    Labels lines =
        read(
                "mails.jsonl",
                """
                {"text": "a", "topic": "other"}
                {"text": "b", "urgent": true, "quote": null}
                """)
            .orElseThrow();
    Labels rows =
        read(
                request("mails.csv", Map.of()).withUnlabelled("?"),
                "text,topic,urgent,quote,summary\na,other,?,?,?\nb,?,true,,?\n")
            .orElseThrow();

    for (Labels labels : List.of(lines, rows)) {
      assertThat(labels.fields())
          .extracting(LabelledField::name)
          .containsExactly("topic", "urgent", "quote");
      assertThat(labels.documents().get(0).labels())
          .isEqualTo(Map.of("topic", new Label.Closed("other")));
      assertThat(labels.documents().get(1).labels())
          .isEqualTo(
              Map.of("urgent", new Label.Closed("true"), "quote", new Label.Open(List.of())));
    }

    assertThat(read(request("none.csv", Map.of()).withUnlabelled("?"), "text,topic\na,?\n"))
        .isEmpty();
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).remedy()).contains("no label in any of its rows");
  }

  @Test
  void broken_files_are_named_with_the_line() throws IOException {
    read("broken.jsonl", "{\"text\": \"a\", \"topic\": \"other\"}\n{\"text\": \n");
    read("wide.csv", "text,topic\nhello, you,other\n");
    read("twice.csv", "text,topic,topic\nhello,other,other\n");
    read("empty.csv", "text,topic\n");
    Files.write(directory.resolve("latin.csv"), new byte[] {'t', (byte) 0xE9, '\n'});
    read(request("latin.csv", Map.of()));
    read(request("absent.csv", Map.of()));
    read("huge.jsonl", "{\"text\": \"a\", \"amount\": 1e99999999999}\n");

    assertThat(problems).hasSize(7);
    assertThat(problems.get(0).remedy()).contains("line 2 is not valid JSON");
    assertThat(problems.get(1).remedy())
        .contains("line 2", "3 cells under 2 columns", "quotation marks");
    assertThat(problems.get(2).remedy()).contains("two columns have one name");
    assertThat(problems.get(3).remedy()).contains("has no rows");
    assertThat(problems.get(4).remedy()).contains("not UTF-8");
    assertThat(problems.get(5).remedy()).contains("no such file");
    assertThat(problems.get(6).remedy()).contains("line 1 is not valid JSON", "beyond");
  }

  @Test
  void a_sample_gives_every_label_its_share_and_is_the_same_each_time() {
    String csv =
        "text,topic\n"
            + "b,billing\n".repeat(60)
            + "d,delivery\n".repeat(30)
            + "o,other\n".repeat(10);

    Labels one = read(request("mails.csv", Map.of()).withLimit(20), csv).orElseThrow();
    Labels again = read(request("mails.csv", Map.of()).withLimit(20), csv).orElseThrow();

    assertThat(one.rows()).isEqualTo(100);
    assertThat(one.documents()).isEqualTo(again.documents()).hasSize(20);
    assertThat(one.documents())
        .filteredOn(document -> document.labels().containsValue(new Label.Closed("billing")))
        .hasSize(12);
    assertThat(one.documents())
        .filteredOn(document -> document.labels().containsValue(new Label.Closed("other")))
        .hasSize(2);
  }

  private Optional<Labels> read(String file, String content) {
    return read(request(file, Map.of()), content);
  }

  private Optional<Labels> read(Request request, String content) {
    try {
      Files.writeString(directory.resolve(request.file), content, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return read(request);
  }

  private Optional<Labels> read(Request request) {
    return new LabelReader(
            new LabelRequest(
                directory.resolve(request.file),
                "text",
                request.id,
                request.title,
                request.columns,
                request.outOfScope,
                request.unlabelled,
                request.limit,
                1,
                request.namedById),
            CONTRACT,
            problems)
        .read();
  }

  private static Request request(String file, Map<String, String> columns) {
    return new Request(
        file,
        columns,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        false);
  }

  private record Request(
      String file,
      Map<String, String> columns,
      Optional<String> id,
      Optional<String> title,
      Optional<String> outOfScope,
      Optional<String> unlabelled,
      OptionalInt limit,
      boolean namedById) {

    Request withId(String column) {
      return new Request(
          file, columns, Optional.of(column), title, outOfScope, unlabelled, limit, namedById);
    }

    Request withTitle(String column) {
      return new Request(
          file, columns, id, Optional.of(column), outOfScope, unlabelled, limit, namedById);
    }

    Request withOutOfScope(String word) {
      return new Request(file, columns, id, title, Optional.of(word), unlabelled, limit, namedById);
    }

    Request withLimit(int most) {
      return new Request(
          file, columns, id, title, outOfScope, unlabelled, OptionalInt.of(most), namedById);
    }

    Request withUnlabelled(String word) {
      return new Request(file, columns, id, title, outOfScope, Optional.of(word), limit, namedById);
    }

    Request withRowsNamedById() {
      return new Request(file, columns, id, title, outOfScope, unlabelled, limit, true);
    }
  }
}
