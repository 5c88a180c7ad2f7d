package io.kaiseki.inference.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kaiseki.inference.contract.Contract;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class ContractSchemaTest {

  @Test
  void the_only_quote_of_a_document_without_words_was_too_short_for_the_schema() {
    Contract contract =
        Contract.of(
            new Schema.Parser()
                .parse(
                    """
                    {"type":"record","name":"R","fields":[
                      {"name":"words","type":"string","quote":true}]}
                    """));
    JsonNode schema = ContractSchema.of(contract.type());

    assertThat(contract.violations(JsonNodeFactory.instance.objectNode().put("words", ""), " "))
        .isEmpty();
    assertThat(schema.at("/properties/words/minLength").asInt(-1)).isZero();
  }
}
