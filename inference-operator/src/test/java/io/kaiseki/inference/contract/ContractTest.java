package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContractTest {

  private static Contract contract(String type) {
    return Contract.of(
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"A\",\"doc\":\"an answer\",\"fields\":"
                    + "[{\"name\":\"f\",\"maxLength\":7,\"type\":"
                    + type
                    + "}]}"));
  }

  private static Object read(String type, String value) {
    GenericRecord record =
        contract(type).read(("{\"f\":" + value + "}").getBytes(StandardCharsets.UTF_8));
    assertThat(GenericData.get().validate(record.getSchema(), record)).isTrue();
    return record.get("f");
  }

  @Test
  void a_contract_travels_in_a_job_graph_with_all_its_bounds()
      throws IOException, ClassNotFoundException {
    Contract contract = contract("\"string\"");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
      objects.writeObject(contract);
    }

    Object copy = new ObjectInputStream(new ByteArrayInputStream(out.toByteArray())).readObject();

    assertThat(copy).isEqualTo(contract).hasSameHashCodeAs(contract);
    assertThat(((Contract) copy).type()).isEqualTo(contract.type());
    assertThat(contract.type().fields().get(0).type()).isEqualTo(new AnswerType.Text(1, 7));
  }

  @Test
  void contracts_that_differ_in_a_bound_are_different() {
    assertThat(contract("{\"type\":\"int\",\"maximum\":1}"))
        .isNotEqualTo(contract("{\"type\":\"int\",\"maximum\":2}"));
  }

  @Test
  void a_date_is_read_as_days_since_the_epoch() {
    String type = "{\"type\":\"int\",\"logicalType\":\"date\"}";

    assertThat(read(type, "\"2024-02-29\""))
        .isEqualTo((int) LocalDate.of(2024, 2, 29).toEpochDay());
    assertThat(read(type, "\"0001-01-01\"")).isEqualTo(-719_162);
  }

  @Test
  void a_timestamp_is_read_as_milliseconds_since_the_epoch() {
    assertThat(
            read(
                "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}",
                "\"1969-12-31T23:59:59Z\""))
        .isEqualTo(Instant.parse("1969-12-31T23:59:59Z").toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1.5", "-1.5", "-0.01", "99999.99", "-99999.99", "100", "1.50"})
  void a_decimal_is_read_with_its_scale_whether_bytes_or_fixed(String value) {
    String logical = ",\"logicalType\":\"decimal\",\"precision\":7,\"scale\":2}";
    BigDecimal expected = new BigDecimal(value).setScale(2);
    Conversions.DecimalConversion decimals = new Conversions.DecimalConversion();
    String bytes = "{\"type\":\"bytes\"" + logical;
    String fixed = "{\"type\":\"fixed\",\"name\":\"F\",\"size\":6" + logical;
    Schema bytesSchema = contract(bytes).schema().getField("f").schema();
    Schema fixedSchema = contract(fixed).schema().getField("f").schema();

    assertThat(
            decimals.fromBytes(
                (ByteBuffer) read(bytes, value), bytesSchema, bytesSchema.getLogicalType()))
        .isEqualTo(expected);
    assertThat(
            decimals.fromFixed(
                (GenericFixed) read(fixed, value), fixedSchema, fixedSchema.getLogicalType()))
        .isEqualTo(expected);
  }

  @Test
  void numbers_are_read_in_their_own_width() {
    assertThat(read("\"int\"", "-2147483648")).isEqualTo(Integer.MIN_VALUE);
    assertThat(read("\"long\"", "9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    assertThat(read("\"float\"", "0.1")).isEqualTo(0.1f);
    assertThat(read("\"double\"", "123456789012345.25")).isEqualTo(123456789012345.25);
    assertThat(read("\"double\"", "7")).isEqualTo(7.0);
  }

  @Test
  void null_and_empty_lists_are_read_as_they_stand() {
    assertThat(read("[\"null\",\"string\"]", "null")).isNull();
    assertThat(read("[\"string\",\"null\"]", "\"x\"")).isEqualTo("x");
    assertThat(read("{\"type\":\"array\",\"items\":\"long\"}", "[]")).isEqualTo(List.of());
    assertThat(read("{\"type\":\"array\",\"items\":\"long\"}", "[1,2]")).isEqualTo(List.of(1L, 2L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"g\":1}", "{\"f\":", ""})
  void what_breaks_the_contracts_form_is_refused(String json) {
    assertThatThrownBy(() -> contract("\"string\"").read(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
