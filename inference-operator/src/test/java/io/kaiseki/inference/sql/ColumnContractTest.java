package io.kaiseki.inference.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.junit.jupiter.api.Test;

class ColumnContractTest {

  @Test
  void columns_are_the_fields_in_their_order_and_comments_are_what_the_model_reads_about_them() {
    Schema schema =
        schema(
            Models.options(),
            Column.physical("urgent", DataTypes.BOOLEAN().notNull())
                .withComment("true if it can't wait."),
            Column.physical("summary", DataTypes.STRING().notNull()));

    assertThat(schema.getFields())
        .extracting(Schema.Field::name)
        .containsExactly("urgent", "summary");
    assertThat(schema.getField("urgent").doc()).isEqualTo("true if it can't wait.");
    assertThat(schema.getField("summary").doc()).isNull();
  }

  @Test
  void a_column_that_may_be_null_may_be_null_in_the_answer_unless_it_is_required() {
    Schema schema =
        schema(
            Models.options("required", "category"),
            Column.physical("category", DataTypes.STRING()),
            Column.physical("product", DataTypes.STRING()),
            Column.physical("count", DataTypes.INT().notNull()));

    assertThat(schema.getField("category").schema().isNullable()).isFalse();
    assertThat(schema.getField("product").schema().isNullable()).isTrue();
    assertThat(schema.getField("count").schema().isNullable()).isFalse();
  }

  @Test
  void a_star_requires_fields_of_rows_too() {
    Schema schema =
        schema(
            Models.options("required", "*"),
            Column.physical("line", DataTypes.ROW(DataTypes.FIELD("kind", DataTypes.STRING()))));

    assertThat(schema.getField("line").schema().getField("kind").schema().getType())
        .isEqualTo(Schema.Type.STRING);
  }

  @Test
  void every_type_that_a_model_can_write_has_its_avro_type() {
    Schema schema =
        schema(
            Models.options("required", "*"),
            Column.physical("a", DataTypes.TINYINT()),
            Column.physical("b", DataTypes.BIGINT()),
            Column.physical("c", DataTypes.FLOAT()),
            Column.physical("d", DataTypes.DOUBLE()),
            Column.physical("e", DataTypes.DECIMAL(9, 2)),
            Column.physical("f", DataTypes.DATE()),
            Column.physical("g", DataTypes.TIMESTAMP(3)),
            Column.physical("h", DataTypes.TIMESTAMP_LTZ(3)),
            Column.physical("i", DataTypes.ARRAY(DataTypes.STRING())),
            Column.physical("j", DataTypes.VARCHAR(40)));

    assertThat(schema.getField("a").schema().getType()).isEqualTo(Schema.Type.INT);
    assertThat(schema.getField("a").getObjectProp("maximum")).isEqualTo(127);
    assertThat(schema.getField("b").schema().getType()).isEqualTo(Schema.Type.LONG);
    assertThat(schema.getField("c").schema().getType()).isEqualTo(Schema.Type.FLOAT);
    assertThat(schema.getField("d").schema().getType()).isEqualTo(Schema.Type.DOUBLE);
    assertThat(schema.getField("e").schema().getLogicalType())
        .isEqualTo(LogicalTypes.decimal(9, 2));
    assertThat(schema.getField("f").schema().getLogicalType()).isEqualTo(LogicalTypes.date());
    assertThat(schema.getField("g").schema().getLogicalType())
        .isEqualTo(LogicalTypes.timestampMillis());
    assertThat(schema.getField("h").schema().getLogicalType())
        .isEqualTo(LogicalTypes.timestampMillis());
    assertThat(schema.getField("i").schema().getElementType().getType())
        .isEqualTo(Schema.Type.STRING);
    assertThat(schema.getField("j").getObjectProp("maxLength")).isEqualTo(40);
  }

  @Test
  void labels_quotes_and_bounds_are_options_of_a_column_or_of_a_field_in_it() {
    Schema schema =
        schema(
            Models.options(
                "required", "*",
                "enum.category", "billing, delivery",
                "quote.numbers", "true",
                "max-items.numbers", "3",
                "minimum.lines.count", "1",
                "maximum.lines.price", "99.5",
                "enum.lines.kind", "new,used"),
            Column.physical("category", DataTypes.STRING()),
            Column.physical("numbers", DataTypes.ARRAY(DataTypes.STRING())),
            Column.physical(
                "lines",
                DataTypes.ARRAY(
                    DataTypes.ROW(
                        DataTypes.FIELD("kind", DataTypes.STRING(), "New or used."),
                        DataTypes.FIELD("count", DataTypes.INT()),
                        DataTypes.FIELD("price", DataTypes.DOUBLE())))));

    assertThat(schema.getField("category").schema().getEnumSymbols())
        .containsExactly("billing", "delivery");
    assertThat(schema.getField("numbers").getObjectProp("quote")).isEqualTo(true);
    assertThat(schema.getField("numbers").getObjectProp("maxItems")).isEqualTo(3);
    Schema line = schema.getField("lines").schema().getElementType();
    assertThat(line.getField("kind").schema().getEnumSymbols()).containsExactly("new", "used");
    assertThat(line.getField("kind").doc()).isEqualTo("New or used.");
    assertThat(line.getField("count").getObjectProp("minimum")).isEqualTo(1L);
    assertThat(line.getField("price").getObjectProp("maximum")).isEqualTo(99.5);
  }

  @Test
  void what_no_model_can_write_is_refused_with_the_path_of_the_column() {
    assertThatThrownBy(
            () ->
                Models.read(
                    Models.options(
                        "enum.category", "technical fault,ok",
                        "enum.nowhere", "a,b",
                        "quote.count", "true",
                        "minimum.count", "few",
                        "maximum.small", "1000"),
                    Column.physical("category", DataTypes.STRING()),
                    Column.physical("count", DataTypes.INT()),
                    Column.physical("small", DataTypes.TINYINT()),
                    Column.physical("raw", DataTypes.BYTES()),
                    Column.physical("due-date", DataTypes.DATE()),
                    Column.physical(
                        "line", DataTypes.ROW(DataTypes.FIELD("at", DataTypes.TIME())))))
        .isInstanceOf(ValidationException.class)
        .hasMessageContainingAll(
            "'enum.category' holds the label 'technical fault'",
            "'enum.nowhere' speaks of column nowhere",
            "'quote.count' does not apply to a column of type INT",
            "'minimum.count' must be a number, but is 'few'",
            "'maximum.small' is 1000, but the column's type ends at 127",
            "column raw: a model can't write BYTES",
            "column due-date",
            "column line.at: a model can't write TIME");
  }

  @Test
  void a_bound_is_exact_where_a_long_holds_it_and_else_the_nearest_double() {
    Schema schema =
        schema(
            Models.options(
                "maximum.id", "1000000000000000001",
                "minimum.id", "-1e3",
                "maximum.price", "1e19",
                "minimum.price", "0.5"),
            Column.physical("id", DataTypes.BIGINT()),
            Column.physical("price", DataTypes.DOUBLE()));

    assertThat(schema.getField("id").getObjectProp("maximum"))
        .isEqualTo(1_000_000_000_000_000_001L);
    assertThat(schema.getField("id").getObjectProp("minimum")).isEqualTo(-1_000L);
    assertThat(schema.getField("price").getObjectProp("maximum")).isEqualTo(1e19);
    assertThat(schema.getField("price").getObjectProp("minimum")).isEqualTo(0.5);
    assertThatThrownBy(
            () ->
                Models.read(
                    Models.options("maximum.small", "1e999"),
                    Column.physical("small", DataTypes.TINYINT())))
        .hasMessageContaining("'maximum.small' must be a number that a DOUBLE can hold");
  }

  @Test
  void what_is_longer_than_the_column_or_has_no_meaning_beside_labels_is_refused() {
    assertThatThrownBy(
            () ->
                Models.read(
                    Models.options(
                        "enum.category", "ok,delivery",
                        "max-length.note", "80",
                        "max-length.tags", "5",
                        "enum.kind", "a,b",
                        "min-length.kind", "2",
                        "max-length.kind", "3",
                        "quote.kind", "true",
                        "quote.words", "true",
                        "max-length.words", "900"),
                    Column.physical("category", DataTypes.VARCHAR(4)),
                    Column.physical("note", DataTypes.VARCHAR(40)),
                    Column.physical("tags", DataTypes.ARRAY(DataTypes.CHAR(4))),
                    Column.physical("kind", DataTypes.VARCHAR(4)),
                    Column.physical("words", DataTypes.STRING())))
        .hasMessageContainingAll(
            "'enum.category' holds 'delivery', but the column's type ends at 4 characters",
            "'max-length.note' is 80, but the column's type ends at 40 characters",
            "'max-length.tags' is 5, but the column's type ends at 4 characters",
            "'min-length.kind' does not apply beside 'enum.kind'",
            "'max-length.kind' does not apply beside 'enum.kind'",
            "'quote.kind' does not apply beside 'enum.kind'")
        .message()
        .doesNotContain("words", "'ok'");
  }

  private static Schema schema(Map<String, String> options, Column... output) {
    return Models.read(options, output).analysis().contract().schema();
  }
}
