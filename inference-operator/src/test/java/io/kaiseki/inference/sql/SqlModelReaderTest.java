package io.kaiseki.inference.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.LongDocuments;
import io.kaiseki.inference.MaskedValue;
import io.kaiseki.inference.ReasoningPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlModelReaderTest {

  private static final Column CATEGORY = Column.physical("category", DataTypes.STRING());
  private static final Column ERROR = Column.physical("error", DataTypes.STRING());

  @TempDir Path directory;

  @Test
  void three_options_are_enough() throws Exception {
    SqlModel model = Models.read(Models.options(), CATEGORY);

    assertThat(model.analysis().name()).isEqualTo("triage");
    assertThat(model.analysis().instructions()).isEqualTo("Sort the ticket.");
    assertThat(model.analysis().reasoning()).isEqualTo(ReasoningPolicy.OFF);
    assertThat(model.slots()).isEqualTo(8);
    assertThat(model.deadline()).isEqualTo(Duration.ofMinutes(2));
    assertThat(model.failures()).isEqualTo(new SqlModel.Failures(false, 2, Duration.ofSeconds(1)));
    assertThat(InstantiationUtil.<SqlModel>clone(model).output()).isEqualTo(model.output());
  }

  @Test
  void the_policies_of_an_analysis_are_options() {
    SqlModel model =
        Models.read(
            Models.options(
                "reasoning", "when-unsure",
                "reasoning.threshold", "0.6",
                "reasoning.budget", "64",
                "long-documents", "split",
                "masking.values", "email;iban",
                "masking.phone-region", " de ",
                "error-handling-strategy", "ignore"),
            CATEGORY);

    assertThat(model.analysis().reasoning()).isEqualTo(new ReasoningPolicy.WhenUnsure(0.6, 64));
    assertThat(model.analysis().longDocuments()).isEqualTo(LongDocuments.SPLIT);
    assertThat(model.analysis().masking().values())
        .containsExactly(MaskedValue.Known.EMAIL, MaskedValue.Known.IBAN);
    assertThat(model.analysis().masking().phoneRegion()).isEqualTo("DE");
    assertThat(model.failures().ignored()).isTrue();
    assertThat(model.failures().attempts()).isEqualTo(1);
  }

  @Test
  void columns_beside_the_answer_are_no_part_of_the_contract() {
    SqlModel model =
        Models.read(
            Models.options(
                "error-handling-strategy", "ignore",
                "error-column", "error",
                "confidence-column", "confidence"),
            CATEGORY,
            ERROR,
            Column.physical("confidence", DataTypes.MAP(DataTypes.STRING(), DataTypes.DOUBLE())));

    assertThat(model.analysis().contract().schema().getFields()).hasSize(1);
    assertThat(model.output().error()).isEqualTo(1);
    assertThat(model.output().confidence()).isEqualTo(2);
  }

  @Test
  void all_problems_are_reported_together_each_with_its_option_and_value() {
    Map<String, String> options =
        Models.options(
            "slots", "many",
            "threads", "-1",
            "reasoning", "sometimes",
            "reasoning.threshold", "2",
            "model.sha256", "abc",
            "deadline", "0 s",
            "masking.values", "email;passport",
            "masking.phone-region", "Germany",
            "instructions-file", "/nowhere",
            "error-column", "error",
            "id-column", "number",
            "temprature", "0.5");
    options.remove("model");

    assertThatThrownBy(() -> Models.read(options, CATEGORY, ERROR))
        .isInstanceOf(ValidationException.class)
        .hasMessageContainingAll(
            "model triage can't be used",
            "'temprature' is no option",
            "'model' is missing",
            "'slots' is 'many', but must be of the form 8",
            "'threads' must be from 0 to 1024, but is -1",
            "'reasoning' is 'sometimes', but must be one of off, always, when-unsure",
            "'reasoning.threshold' must be over 0 and at most 1, but is 2.0",
            "'model.sha256' must be 64 hex digits, but is 'abc'",
            "'deadline' must be from 1 ms to 365 days, but is PT0S",
            "'masking.values' holds 'passport'; possible are email, phone, card, iban",
            "'masking.phone-region' is 'Germany'; expected the two letters of a country",
            "give either 'instructions' or 'instructions-file', not both",
            "'error-column' needs 'error-handling-strategy' = 'ignore'",
            "'id-column' names input column 'number', which is not there; columns are (text"
                + " STRING)");
  }

  @Test
  void an_option_that_has_no_effect_is_refused_with_the_one_that_would_give_it_some() {
    assertThatThrownBy(
            () ->
                Models.read(
                    Models.options(
                        "reasoning.budget", "2048",
                        "reasoning.threshold", "0.5",
                        "error-handling-strategy", "ignore",
                        "retry-num", "3",
                        "retry-backoff", "2 s",
                        "retry-fallback-strategy", "ignore",
                        "masking.phone-region", "DE",
                        "masking.unmask-quotes", "true",
                        "schema-registry.url", "http://localhost:8081",
                        "schema-registry.user", "somebody",
                        "schema-registry.password", "open sesame",
                        "schema-registry.token", "open sesame"),
                    CATEGORY))
        .hasMessageContainingAll(
            "'reasoning.budget' has no effect while 'reasoning' is 'off'; remove it, or set that to"
                + " always or when-unsure",
            "'reasoning.threshold' has no effect while 'reasoning' is 'off'; remove it, or set that"
                + " to when-unsure",
            "'retry-num' has no effect while 'error-handling-strategy' is 'ignore'; remove it, or"
                + " set that to retry",
            "'retry-backoff' has no effect",
            "'retry-fallback-strategy' has no effect",
            "'masking.phone-region' has no effect without 'masking.values'; name there what is"
                + " masked, or remove it",
            "'masking.unmask-quotes' has no effect without 'masking.values'",
            "'schema-registry.url' has no effect without 'result-schema.subject'; name a subject"
                + " there, or remove it",
            "'schema-registry.user' has no effect",
            "'schema-registry.password' has no effect",
            "'schema-registry.token' has no effect")
        .hasMessageNotContaining("open sesame");
    assertThatThrownBy(
            () ->
                Models.read(
                    Models.options("reasoning", "always", "reasoning.threshold", "0.5"), CATEGORY))
        .hasMessageContaining("'reasoning.threshold' has no effect while 'reasoning' is 'always'");
  }

  @Test
  void what_an_unreadable_option_would_have_decided_is_left_open() {
    assertThatThrownBy(
            () ->
                Models.read(
                    Models.options("reasoning", "sometimes", "reasoning.budget", "64"), CATEGORY))
        .hasMessageContaining("'reasoning' is 'sometimes'")
        .hasMessageNotContaining("no effect");
  }

  @Test
  void a_row_without_an_answer_needs_columns_that_may_be_null() {
    assertThatThrownBy(
            () ->
                Models.read(
                    Models.options("error-handling-strategy", "ignore", "error-column", "error"),
                    Column.physical("category", DataTypes.STRING().notNull()),
                    ERROR))
        .hasMessageContaining("column category is NOT NULL, but with 'error-column' it is NULL")
        .hasMessageContaining("name the column in 'required'");
  }

  @Test
  void an_avro_schema_in_a_file_takes_the_place_of_the_columns() throws IOException {
    Path schema =
        Files.writeString(
            directory.resolve("result.avsc"),
            """
            {"type": "record", "name": "Result", "fields": [
              {"name": "category", "type": {"type": "enum", "name": "C", "symbols": ["a", "b"]}},
              {"name": "amount", "type": ["null", {"type": "bytes", "logicalType": "decimal",
                                                   "precision": 9, "scale": 2}]},
              {"name": "left", "type": "boolean"}]}
            """);

    SqlModel model =
        Models.read(
            Models.options("result-schema", schema.toString()),
            Column.physical("amount", DataTypes.DECIMAL(9, 2)),
            CATEGORY);

    assertThat(model.analysis().contract().schema().getFullName()).isEqualTo("Result");
    assertThatThrownBy(
            () ->
                Models.read(
                    Models.options("result-schema", schema.toString(), "enum.category", "a,b"),
                    CATEGORY))
        .hasMessageContaining("remove enum.category");
    assertThatThrownBy(
            () ->
                Models.read(
                    Models.options("result-schema", schema.toString()),
                    Column.physical("category", DataTypes.INT()),
                    Column.physical("amount", DataTypes.DECIMAL(9, 2).notNull()),
                    Column.physical("priority", DataTypes.STRING())))
        .hasMessageContainingAll(
            "column category is INT, but the result schema says enum; it needs STRING",
            "column amount is NOT NULL, but the result schema lets it be null",
            "column priority: the result schema has no such field; it has category, amount, left");
  }

  @Test
  void a_schema_that_avro_refuses_is_one_problem_of_all() throws IOException {
    Path schema =
        Files.writeString(
            directory.resolve("twice.avsc"),
            """
            {"type": "record", "name": "Result", "fields": [
              {"name": "left", "type": "boolean"}, {"name": "left", "type": "int"}]}
            """);

    assertThatThrownBy(
            () ->
                Models.read(
                    Models.options("result-schema", schema.toString(), "slots", "many"), CATEGORY))
        .isInstanceOf(ValidationException.class)
        .hasMessageContainingAll(
            "twice.avsc, which is no Avro schema: Duplicate field left", "'slots' is 'many'");
  }

  @Test
  void a_column_holds_the_longest_text_and_label_of_an_avro_schema() throws IOException {
    Path schema =
        Files.writeString(
            directory.resolve("lengths.avsc"),
            """
            {"type": "record", "name": "Result", "fields": [
              {"name": "category", "type": {"type": "enum", "name": "C", "symbols": ["a", "delivery"]}},
              {"name": "note", "type": ["null", "string"], "maxLength": 40},
              {"name": "words", "type": {"type": "array", "items": "string"}, "quote": true},
              {"name": "line", "type": {"type": "record", "name": "L", "fields": [
                {"name": "text", "type": {"type": "string", "maxLength": 9}}]}}]}
            """);

    Models.read(
        Models.options("result-schema", schema.toString()),
        Column.physical("category", DataTypes.VARCHAR(8)),
        Column.physical("note", DataTypes.VARCHAR(40)),
        Column.physical("words", DataTypes.ARRAY(DataTypes.VARCHAR(256))),
        Column.physical("line", DataTypes.ROW(DataTypes.FIELD("text", DataTypes.VARCHAR(9)))));

    assertThatThrownBy(
            () ->
                Models.read(
                    Models.options("result-schema", schema.toString()),
                    Column.physical("category", DataTypes.VARCHAR(7)),
                    Column.physical("note", DataTypes.VARCHAR(39)),
                    Column.physical("words", DataTypes.ARRAY(DataTypes.VARCHAR(255))),
                    Column.physical(
                        "line", DataTypes.ROW(DataTypes.FIELD("text", DataTypes.CHAR(8))))))
        .hasMessageContainingAll(
            "column category is VARCHAR(7), but the result schema lets it have 8 characters",
            "column note is VARCHAR(39), but the result schema lets it have 40 characters",
            "column words is VARCHAR(255), but the result schema lets it have 256 characters",
            "column line.text is CHAR(8), but the result schema lets it have 9 characters");
  }

  @Test
  void a_schema_that_is_not_there_is_one_clear_problem() {
    assertThatThrownBy(
            () -> Models.read(Models.options("result-schema", "/nowhere/result.avsc"), CATEGORY))
        .hasMessageContaining("'result-schema' names /nowhere/result.avsc, which can't be read");
    assertThatThrownBy(
            () -> Models.read(Models.options("result-schema.subject", "answers-value"), CATEGORY))
        .hasMessageContaining("'schema-registry.url' is missing");
    assertThatThrownBy(
            () ->
                Models.read(
                    Models.options(
                        "result-schema.subject", "answers-value",
                        "schema-registry.url", "mock://sql-model-reader-test"),
                    CATEGORY))
        .hasMessageContaining("'result-schema.subject'")
        .hasMessageContaining("answers-value");
  }

  @Test
  void every_option_has_a_description() {
    assertThat(SqlModelOptions.all())
        .isNotEmpty()
        .extracting(ConfigOption::description)
        .doesNotContainNull();
    assertThat(ColumnOption.values()).extracting(ColumnOption::description).doesNotContain("");
  }
}
