package io.kaiseki.inference.contract;

/** How the model writes an answer. The values, and what is read from them, are the same. */
public enum AnswerLayout {

  /** Each record as a JSON object: {@code {"category":"billing","urgent":true}}. */
  OBJECT,

  /**
   * Each record as a JSON array of its values in the order of the schema: {@code ["billing",true]}.
   * The contract fixes the names anyway, so the model need not read them; that saves their tokens.
   * A model that leans on the names in front of its values may answer worse.
   */
  ARRAY
}
