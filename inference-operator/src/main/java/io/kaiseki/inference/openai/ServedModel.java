package io.kaiseki.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a server says of the model that it is asked for.
 *
 * @param kaiseki whether the server is another Kaiseki, which takes the contract as it is
 * @param listed whether the server lists the model at all
 * @param build the server's own build; empty where it does not tell
 * @param sha256 SHA-256 of the model file; empty where it does not tell
 * @param contextTokens tokens that a prompt and its answer may take; 0 where it does not tell
 */
record ServedModel(
    boolean kaiseki, boolean listed, String build, String sha256, int contextTokens) {

  /** A server that says nothing. */
  static final ServedModel UNKNOWN = new ServedModel(false, false, "", "", 0);

  /** Reads a list of models. */
  static ServedModel of(JsonNode models, String name) {
    for (JsonNode model : models.path("data")) {
      if (model.path("id").asText().equals(name)) {
        JsonNode kaiseki = model.path(KaisekiFields.NAME);
        return new ServedModel(
            kaiseki.isObject(),
            true,
            kaiseki.path(KaisekiFields.BUILD).asText(""),
            kaiseki.path(KaisekiFields.SHA256).asText(""),
            // As vLLM calls it.
            model.path("max_model_len").asInt(kaiseki.path(KaisekiFields.CONTEXT).asInt(0)));
      }
    }
    return UNKNOWN;
  }
}
