package io.kaiseki.inference.telemetry;

import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.telemetry.Metric.Kind;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What an engine is doing and has done, for a process that holds one: slots, queue, shared prefixes
 * and tokens by phase. Read when the process is scraped; nothing is counted twice.
 */
public final class EngineMetrics {

  private static final List<Reading> READINGS =
      List.of(
          reading(
              "slots.busy",
              Kind.GAUGE,
              "{slot}",
              "Slots that run a request.",
              EngineStatistics::slotsBusy),
          reading(
              "queue.length",
              Kind.GAUGE,
              "{request}",
              "Requests that wait for a slot.",
              EngineStatistics::queued),
          reading(
              "model.calls",
              Kind.COUNTER,
              "{call}",
              "Calls of the model.",
              EngineStatistics::decodes),
          reading(
              "batch.tokens",
              Kind.COUNTER,
              "{token}",
              "Tokens over all calls; divided by the calls, the mean batch size.",
              EngineStatistics::batchTokens),
          reading(
              "prefix.tokens",
              Kind.COUNTER,
              "{token}",
              "Tokens decoded for shared prefixes.",
              EngineStatistics::prefixTokens),
          reading(
              "prefix.hits",
              Kind.COUNTER,
              "{request}",
              "Requests whose shared prefix was there for another, decoded or about to be.",
              EngineStatistics::prefixHits),
          reading(
              "document.tokens",
              Kind.COUNTER,
              "{token}",
              "Tokens of documents decoded.",
              EngineStatistics::documentTokens),
          reading(
              "reasoning.tokens",
              Kind.COUNTER,
              "{token}",
              "Tokens of reasoning.",
              EngineStatistics::reasoningTokens),
          reading(
              "answer.tokens",
              Kind.COUNTER,
              "{token}",
              "Tokens of answers, forced ones included.",
              EngineStatistics::answerTokens),
          reading(
              "answer.forced.tokens",
              Kind.COUNTER,
              "{token}",
              "Tokens of answers that the contract left no choice about.",
              EngineStatistics::forcedTokens),
          reading(
              "draft.tokens",
              Kind.COUNTER,
              "{token}",
              "Tokens that were read ahead of the model's choice, where an answer copies the"
                  + " document or is like earlier ones.",
              EngineStatistics::draftedTokens),
          reading(
              "draft.accepted.tokens",
              Kind.COUNTER,
              "{token}",
              "Tokens, of those drafted, that the model would have chosen; each saved a step.",
              EngineStatistics::acceptedTokens),
          reading(
              "answered",
              Kind.COUNTER,
              "{request}",
              "Requests that were answered.",
              EngineStatistics::answered),
          reading(
              "failed",
              Kind.COUNTER,
              "{request}",
              "Requests that failed.",
              EngineStatistics::failed),
          reading(
              "reused",
              Kind.COUNTER,
              "{request}",
              "Requests that were given the answer of an identical document.",
              EngineStatistics::reused));

  private EngineMetrics() {}

  /**
   * Shows an engine for as long as the process' telemetry lasts.
   *
   * @param engine the process' only one of its model
   */
  public static void show(InferenceEngine engine) {
    Meter meter = GenAi.openTelemetry().getMeter(GenAi.SCOPE);
    Attributes labels =
        Attributes.of(
            GenAi.PROVIDER,
            engine.description().engine(),
            GenAi.REQUEST_MODEL,
            engine.description().model());
    READINGS.forEach(reading -> register(meter, reading, engine, labels));
  }

  /** All of them, in the order of the reference page. */
  public static List<Metric> all() {
    return READINGS.stream().map(Reading::metric).toList();
  }

  private static void register(
      Meter meter, Reading reading, InferenceEngine engine, Attributes labels) {
    Metric metric = reading.metric();
    if (metric.kind() == Kind.COUNTER) {
      meter
          .counterBuilder(metric.name())
          .setUnit(metric.unit())
          .setDescription(metric.description())
          .buildWithCallback(
              now -> now.record(reading.value().applyAsLong(engine.statistics()), labels));
    } else {
      meter
          .gaugeBuilder(metric.name())
          .ofLongs()
          .setUnit(metric.unit())
          .setDescription(metric.description())
          .buildWithCallback(
              now -> now.record(reading.value().applyAsLong(engine.statistics()), labels));
    }
  }

  private static Reading reading(
      String name,
      Kind kind,
      String unit,
      String description,
      ToLongFunction<EngineStatistics> value) {
    return new Reading(
        Metric.ofProcess(
            "kaiseki.engine." + name,
            kind,
            unit,
            description,
            GenAi.PROVIDER.getKey(),
            GenAi.REQUEST_MODEL.getKey()),
        value);
  }

  /** A metric and where its value is read. */
  private record Reading(Metric metric, ToLongFunction<EngineStatistics> value) {}
}
