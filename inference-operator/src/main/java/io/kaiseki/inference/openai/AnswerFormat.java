package io.kaiseki.inference.openai;

/**
 * What a server is asked to hold its model to, from the most to nothing. The prompt tells the
 * fields in each case, and each answer is held against the contract all the same.
 */
enum AnswerFormat {
  /** The contract as a strict JSON schema. */
  JSON_SCHEMA,
  /** Any JSON object. */
  JSON_OBJECT,
  /** Nothing: the prompt alone asks for JSON. */
  UNHELD;

  /** What is asked for where a server refuses this; itself where there is nothing less. */
  AnswerFormat less() {
    return this == JSON_SCHEMA ? JSON_OBJECT : UNHELD;
  }
}
