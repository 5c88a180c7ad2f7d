package io.kaiseki.inference.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.contract.Contract;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class FieldGuideTest {

  private static final String INVOICE =
      """
      {"type": "record", "name": "Invoice", "fields": [
        {"name": "kind", "doc": "what the letter is", "type": {"type": "enum", "name": "Kind",
          "symbols": ["invoice", "reminder", "other"],
          "symbolDocs": {"invoice": "asks for payment the first time", "reminder": "asks again"}}},
        {"name": "summary", "doc": "the letter in one sentence", "type": "string", "maxLength": 120},
        {"name": "evidence", "type": "string", "quote": true, "maxLength": 80},
        {"name": "phrase", "type": "string", "quote": true, "minLength": 9, "maxLength": 40},
        {"name": "paid", "type": ["null", "boolean"], "doc": "whether it says so"},
        {"name": "urgency", "type": "int", "minimum": 1, "maximum": 5},
        {"name": "total", "type": ["null",
          {"type": "bytes", "logicalType": "decimal", "precision": 7, "scale": 2}]},
        {"name": "reference", "type": "long"},
        {"name": "due", "type": {"type": "int", "logicalType": "date"}},
        {"name": "received", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "lines", "doc": "what is charged", "maxItems": 20,
          "type": {"type": "array", "items": {"type": "record", "name": "Line", "fields": [
            {"name": "text", "type": "string", "maxLength": 60},
            {"name": "share", "type": "double", "minimum": 0, "maximum": 1.5},
            {"name": "tags", "maxItems": 3, "type": {"type": "array", "items": "string"}}]}}},
        {"name": "sender", "type": ["null", {"type": "record", "name": "Party", "fields": [
          {"name": "name", "type": "string"}]}]}
      ]}
      """;

  @Test
  void the_guide_says_of_every_field_its_name_form_bounds_and_meaning() {
    Contract contract = Contract.of(new Schema.Parser().parse(INVOICE));

    assertThat(FieldGuide.of(contract.type()))
        .isEqualTo(
            """
            - kind (one of invoice, reminder, other): what the letter is
              invoice = asks for payment the first time
              reminder = asks again
            - summary (text, at most 120 characters): the letter in one sentence
            - evidence (words copied exactly from the document, at most 80 characters)
            - phrase (words copied exactly from the document, at least 9 and at most 40 characters)
            - paid (true or false, or null): whether it says so
            - urgency (whole number from 1 to 5)
            - total (number from -99999.99 to 99999.99, or null)
            - reference (whole number)
            - due (date as YYYY-MM-DD)
            - received (time in UTC as YYYY-MM-DDTHH:MM:SSZ)
            - lines (list of at most 20, each object): what is charged
              - text (text, at most 60 characters)
              - share (number from 0 to 1.5)
              - tags (list of at most 3, each text, at most 256 characters)
            - sender (object, or null)
              - name (text, at most 256 characters)
            """);
  }

  @Test
  void every_bound_that_is_narrower_than_its_type_is_told() {
    Contract contract =
        Contract.of(
            new Schema.Parser()
                .parse(
                    """
                    {"type": "record", "name": "R", "fields": [
                      {"name": "score", "type": "double", "minimum": 0, "maximum": 1000},
                      {"name": "cost", "maximum": 50000000,
                       "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}},
                      {"name": "bytes", "type": "long", "minimum": 0},
                      {"name": "phone", "type": "long", "minimum": 0, "maximum": 4915112345678},
                      {"name": "ratio", "type": "float"},
                      {"name": "count", "type": "int"},
                      {"name": "price", "type": ["null",
                        {"type": "bytes", "logicalType": "decimal", "precision": 15, "scale": 2}]}
                    ]}
                    """));

    assertThat(FieldGuide.of(contract.type()))
        .isEqualTo(
            """
            - score (number from 0 to 1000)
            - cost (number, at most 50000000)
            - bytes (whole number, at least 0)
            - phone (whole number from 0 to 4915112345678)
            - ratio (number)
            - count (whole number)
            - price (number, or null)
            """);
  }
}
