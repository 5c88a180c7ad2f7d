package io.kaiseki.pipelines.bench.arm;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The kinds of arms, in the order in which reports name them. */
public enum ArmKind {
  /** Kaiseki's engine in this process. */
  ENGINE("engine", true),
  /** The same, with answers written as arrays: the values alone, in fewer tokens. */
  ENGINE_ARRAY("engine-array", true),
  /** The same, without confidences: each label by its likeliest tokens, none weighed. */
  ENGINE_WITHOUT_CONFIDENCE("engine-no-confidence", true),
  /** Kaiseki's engine, one document after the other, nothing shared between them. */
  SEQUENTIAL("sequential", false),
  /** The whole job: broker, registry, Flink and the engine in this process. */
  PIPELINE("pipeline", true),
  /** java-llama.cpp's own server class, in a process of its own. */
  LLAMA_MODEL("llama-model", true),
  /** A server that speaks OpenAI's chat completions. */
  OPENAI("openai", true);

  private final String word;
  private final boolean severalSlots;

  ArmKind(String word, boolean severalSlots) {
    this.word = word;
    this.severalSlots = severalSlots;
  }

  /** The name on the command line and in reports. */
  public String word() {
    return word;
  }

  /** Whether it is measured at each number of slots, or with one only. */
  public boolean severalSlots() {
    return severalSlots;
  }

  /** Whether a cold bench is another one for it; the other kinds do the same in any. */
  public boolean heedsCold() {
    return this != SEQUENTIAL && this != PIPELINE;
  }

  /** The kind of this name; empty if there is none. */
  public static Optional<ArmKind> named(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  /** The names of all kinds. */
  public static List<String> words() {
    return Arrays.stream(values()).map(ArmKind::word).toList();
  }
}
