package io.kaiseki.pipelines.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.contract.Contract;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContractCacheTest {

  private static final String LAYOUT = "object";

  private final ContractCache contracts = new ContractCache();

  @Test
  void a_schema_that_comes_again_is_compiled_once() {
    Contract first = contracts.avro(schema("a", 0), LAYOUT);

    assertThat(contracts.avro(schema("a", 0), LAYOUT)).isSameAs(first);
    assertThat(contracts.avro(schema("b", 0), LAYOUT)).isNotSameAs(first);
  }

  @Test
  void long_schemas_are_forgotten_before_many_of_them_fill_the_memory() {
    Contract eldest = contracts.avro(schema("eldest", 1_000_000), LAYOUT);
    Contract younger = contracts.avro(schema("younger", 1_000_000), LAYOUT);
    for (int i = 0; i < 31; i++) {
      contracts.avro(schema("n" + i, 1_000_000), LAYOUT);
      assertThat(contracts.avro(schema("eldest", 1_000_000), LAYOUT)).isSameAs(eldest);
    }
    contracts.avro(schema("last", 1_000_000), LAYOUT);

    assertThat(contracts.avro(schema("eldest", 1_000_000), LAYOUT))
        .as("asked for again and again")
        .isSameAs(eldest);
    assertThat(contracts.avro(schema("younger", 1_000_000), LAYOUT)).isNotSameAs(younger);
  }

  @Test
  void short_schemas_of_large_answers_are_forgotten_before_many_of_them_fill_the_memory() {
    Contract eldest = contracts.avro(large("Eldest"), LAYOUT);
    for (int i = 0; i < 7; i++) {
      contracts.avro(large("N" + i), LAYOUT);
    }
    assertThat(contracts.avro(large("Eldest"), LAYOUT)).isSameAs(eldest);

    for (int i = 7; i < 15; i++) {
      contracts.avro(large("N" + i), LAYOUT);
    }

    assertThat(contracts.avro(large("Eldest"), LAYOUT)).isNotSameAs(eldest);
  }

  @Test
  void a_schema_that_is_longer_than_any_should_be_is_refused_with_its_bound() {
    assertThatThrownBy(() -> contracts.avro(schema("long", ContractCache.LONGEST), LAYOUT))
        .isInstanceOf(ApiException.class)
        .hasMessageStartingWith("kaiseki.schema: has ")
        .hasMessageEndingWith("more than 1048576; shorten it")
        .extracting(refused -> ((ApiException) refused).status())
        .isEqualTo(400);

    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    schema.put("description", "d".repeat(ContractCache.LONGEST));
    assertThatThrownBy(() -> contracts.json("answer", schema))
        .hasMessageStartingWith("response_format.json_schema.schema: has ");
  }

  @Test
  void what_has_no_version_has_the_same_one_after_each_release() {
    assertThat(contracts.version("Read.", contracts.avro(schema("a", 1), LAYOUT)))
        .isEqualTo("7390bf335bf9f092119962c2a7665d262fbc1b6da6d79cbce007cbe3523a9405");
  }

  /** Of a record with so long a comment. */
  private static String schema(String field, int comment) {
    return "{\"type\":\"record\",\"name\":\"Said\",\"doc\":\"%s\",\"fields\":[{\"name\":\"%s\",\"type\":\"boolean\"}]}"
        .formatted("d".repeat(comment), field);
  }

  /** Of a record of 126 records of 126 fields. */
  private static String large(String name) {
    String fields = "{\"type\":\"record\",\"name\":\"%s\",\"fields\":[%s]}";
    String field = "{\"name\":\"f%d\",\"type\":%s}";
    String part = fields.formatted("Part", repeated(field, "\"boolean\"", "\"boolean\""));
    return fields.formatted(name, repeated(field, part, "\"Part\""));
  }

  private static String repeated(String field, String first, String others) {
    return IntStream.range(0, 126)
        .mapToObj(i -> field.formatted(i, i == 0 ? first : others))
        .collect(Collectors.joining(","));
  }
}
