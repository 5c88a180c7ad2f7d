package io.kaiseki.inference.longdocument;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.contract.Contract;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** A contract with a field of every kind, and answers to it. */
final class Answers {

  static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Letter", "namespace": "test", "fields": [
                {"name": "kind", "type": {"type": "enum", "name": "Kind",
                  "symbols": ["bill", "claim"]}},
                {"name": "urgent", "type": ["null", "boolean"], "minConfidence": 0.6},
                {"name": "number", "type": ["null", "int"]},
                {"name": "words", "type": ["null", "string"], "quote": true, "minLength": 4},
                {"name": "sender", "type": ["null", {"type": "record", "name": "Sender", "fields": [
                  {"name": "name", "type": "string", "quote": true},
                  {"name": "sort", "type": {"type": "enum", "name": "Sort",
                    "symbols": ["person", "firm"]}}]}]},
                {"name": "lines", "maxItems": 3, "type": {"type": "array", "items": {
                  "type": "record", "name": "Line", "fields": [
                    {"name": "text", "type": "string"},
                    {"name": "sure", "type": "boolean"}]}}},
                {"name": "summary", "type": "string"}
              ]}
              """);

  static final Contract CONTRACT = Contract.of(SCHEMA);

  private final GenericRecord answer = new GenericData.Record(SCHEMA);
  private final Map<String, FieldConfidence> confidences = new LinkedHashMap<>();

  private Answers(String summary) {
    answer.put("lines", List.of());
    answer.put("summary", summary);
    kind("bill", 0.5);
    urgent(null, 0.9);
  }

  /** An answer that says nothing but this. */
  static Answers saying(String summary) {
    return new Answers(summary);
  }

  Answers kind(String symbol, double probability) {
    answer.put("kind", new GenericData.EnumSymbol(SCHEMA.getField("kind").schema(), symbol));
    confident("kind", symbol, probability, "bill", "claim");
    return this;
  }

  Answers urgent(Boolean urgent, double probability) {
    answer.put("urgent", urgent);
    confident("urgent", String.valueOf(urgent), probability, "null", "true", "false");
    return this;
  }

  Answers number(Integer number) {
    answer.put("number", number);
    return this;
  }

  Answers words(String words) {
    answer.put("words", words);
    return this;
  }

  Answers sender(String name, String sort, double probability) {
    Schema schema = SCHEMA.getField("sender").schema().getTypes().get(1);
    GenericRecord sender = new GenericData.Record(schema);
    sender.put("name", name);
    sender.put("sort", new GenericData.EnumSymbol(schema.getField("sort").schema(), sort));
    answer.put("sender", sender);
    confident("sender.sort", sort, probability, "person", "firm");
    return this;
  }

  /** Lines that all have this probability of being sure. */
  Answers lines(double probability, String... texts) {
    Schema schema = SCHEMA.getField("lines").schema().getElementType();
    answer.put(
        "lines",
        Arrays.stream(texts)
            .map(
                text -> {
                  GenericRecord line = new GenericData.Record(schema);
                  line.put("text", text);
                  line.put("sure", true);
                  return line;
                })
            .toList());
    for (int i = 0; i < texts.length; i++) {
      confident("lines[" + i + "].sure", "true", probability, "true", "false");
    }
    return this;
  }

  /** The same of an engine that tells no probabilities. */
  Answers untold() {
    confidences.clear();
    return this;
  }

  /** A completion of ten tokens of everything. */
  Completion completion() {
    return new Completion(
        answer,
        List.copyOf(confidences.values()),
        null,
        new TokenUsage(10, true, 10, 0, 10, 10),
        FinishReason.COMPLETE,
        new Timings(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3)));
  }

  private void confident(String field, String label, double probability, String... labels) {
    Map<String, Double> distribution = new LinkedHashMap<>();
    for (String each : labels) {
      distribution.put(
          each, each.equals(label) ? probability : (1 - probability) / (labels.length - 1));
    }
    confidences.put(field, new FieldConfidence(field, label, probability, distribution));
  }
}
