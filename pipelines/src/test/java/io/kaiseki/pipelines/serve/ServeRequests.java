package io.kaiseki.pipelines.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.core.JsonValue;
import com.openai.models.ResponseFormatJsonSchema;

/** Response formats of one field. */
final class ServeRequests {

  private static final JsonMapper JSON = new JsonMapper();

  private ServeRequests() {}

  /** A closed field, one of whose labels is no name in Avro's sense. */
  static ResponseFormatJsonSchema format(String field) {
    return format(field, "{\"type\":\"string\",\"enum\":[\"not sure\",\"sure\"]}");
  }

  /** A field {@code kind} of this schema. */
  static ResponseFormatJsonSchema schema(String schema) {
    return format("kind", schema);
  }

  private static ResponseFormatJsonSchema format(String field, String schema) {
    JsonNode type = json(schema);
    JsonNode object =
        json(
            "{\"type\":\"object\",\"properties\":{\"%s\":%s},\"required\":[\"%s\"],\"additionalProperties\":false}"
                .formatted(field, type, field));
    ResponseFormatJsonSchema.JsonSchema.Schema.Builder built =
        ResponseFormatJsonSchema.JsonSchema.Schema.builder();
    object
        .properties()
        .forEach(
            entry ->
                built.putAdditionalProperty(
                    entry.getKey(), JsonValue.fromJsonNode(entry.getValue())));
    return ResponseFormatJsonSchema.builder()
        .jsonSchema(
            ResponseFormatJsonSchema.JsonSchema.builder()
                .name("answer")
                .strict(true)
                .schema(built.build())
                .build())
        .build();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
