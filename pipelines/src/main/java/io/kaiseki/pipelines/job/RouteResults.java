package io.kaiseki.pipelines.job;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.flink.Inferred;
import io.kaiseki.inference.telemetry.TraceContext;
import io.kaiseki.pipelines.job.LargestResult.Excess;
import io.kaiseki.pipelines.job.Rejection.Stage;
import io.kaiseki.pipelines.routing.Route;
import io.kaiseki.pipelines.routing.Router;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.apache.flink.util.function.SerializableFunction;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes a result and addresses it: to the topic of all results, and to those of the routes whose
 * condition holds. A condition that fails keeps no result back; it is counted and logged.
 *
 * <p>What is too large for a topic goes there without its reasoning. Where that is too large too,
 * the topic of all results decides: the document then goes to {@link #TOO_LARGE} and has no copies
 * either. A copy that only the topic of a route refuses is left out, counted and logged.
 */
final class RouteResults
    extends ProcessFunction<Inferred<PreparedDocument, Outcome.Answered>, OutgoingRecord> {

  /** Documents whose result the topic of all results does not take. */
  static final OutputTag<Rejection> TOO_LARGE = new OutputTag<>("too-large", RecordTypes.REJECTION);

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(RouteResults.class);

  private final ResultRecordSerializer serializer;
  private final Router router;
  private final SerializableFunction<Collection<String>, LargestResult> limits;
  private transient @Nullable LargestResult largest;
  private transient @Nullable Counter failures;
  private transient @Nullable Counter rejected;
  private transient @Nullable Map<String, Counter> routed;

  /**
   * @param limits asks what topics take; called when a task starts
   */
  RouteResults(
      ResultRecordSerializer serializer,
      Router router,
      SerializableFunction<Collection<String>, LargestResult> limits) {
    this.serializer = serializer;
    this.router = router;
    this.limits = limits;
  }

  @Override
  public void open(OpenContext context) {
    MetricGroup metrics = getRuntimeContext().getMetricGroup();
    failures = metrics.counter(JobMetrics.ROUTE_FAILURES.lastName());
    rejected = JobMetrics.rejected(metrics, Stage.ANALYSE, FailureReason.TOO_LONG);
    Map<String, Counter> counters = new HashMap<>();
    for (Route route : router.routes()) {
      counters.computeIfAbsent(
          route.topic(),
          topic -> metrics.addGroup(JobMetrics.ROUTE, topic).counter(JobMetrics.ROUTED.lastName()));
    }
    routed = counters;
    Set<String> topics = new LinkedHashSet<>(counters.keySet());
    topics.add(serializer.topic());
    largest = limits.apply(topics);
  }

  @Override
  public void processElement(
      Inferred<PreparedDocument, Outcome.Answered> inferred,
      Context context,
      Collector<OutgoingRecord> out) {
    ProducerRecord<byte[], byte[]> whole = serializer.encode(inferred);
    Form result = form(serializer.topic(), whole, inferred);
    if (result.excess().isPresent()) {
      reject(inferred, result.excess().get(), context);
      return;
    }
    out.collect(result.record());
    Completion completion = inferred.outcome().completion();
    Router.Decision decision = router.decide(completion.answer(), completion.confidences());
    for (String topic : decision.topics()) {
      Form copy = form(topic, whole, inferred);
      if (copy.excess().isPresent()) {
        Objects.requireNonNull(failures).inc();
        LOG.warn(
            "copy too large for its route, result is in the results topic only record={} topic={}"
                + " excess={}",
            inferred.input().source().coordinates(),
            topic,
            copy.excess().get());
      } else {
        out.collect(copy.record());
        Objects.requireNonNull(routed).get(topic).inc();
      }
    }
    for (Router.Failure failure : decision.failures()) {
      Objects.requireNonNull(failures).inc();
      LOG.warn(
          "route failed, result is in the results topic only record={} route={} error={}",
          inferred.input().source().coordinates(),
          failure.route(),
          failure.error());
    }
  }

  /**
   * A result as a topic would get it.
   *
   * @param excess what keeps it from there
   */
  private record Form(OutgoingRecord record, Optional<Excess> excess) {}

  /** The whole result, or else what is left of it without its reasoning. */
  private Form form(
      String topic,
      ProducerRecord<byte[], byte[]> whole,
      Inferred<PreparedDocument, Outcome.Answered> inferred) {
    Form form = measured(topic, whole, inferred.trace());
    if (form.excess().isEmpty()) {
      return form;
    }
    // Rare, so it is encoded anew for each topic that needs it.
    Form shorter =
        serializer
            .encodeWithoutReasoning(inferred)
            .map(record -> measured(topic, record, inferred.trace()))
            .orElse(form);
    if (shorter.excess().isEmpty()) {
      LOG.warn(
          "result is too large, its reasoning is left out record={} topic={} excess={}",
          inferred.input().source().coordinates(),
          topic,
          form.excess().get());
    }
    return shorter;
  }

  private Form measured(String topic, ProducerRecord<byte[], byte[]> encoded, TraceContext trace) {
    OutgoingRecord record = new OutgoingRecord(topic, encoded.key(), encoded.value(), trace);
    return new Form(
        record, Objects.requireNonNull(largest).excess(OutgoingRecordWriter.written(record)));
  }

  private void reject(
      Inferred<PreparedDocument, Outcome.Answered> inferred, Excess excess, Context context) {
    String message =
        ("the result has %d bytes without reasoning, and %s is %d; raise it and redrive the"
                + " document, or let the schema of the result bound its strings")
            .formatted(excess.bytes(), excess.setting(), excess.most());
    RawRecord source = inferred.input().source();
    LOG.info(
        "document rejected record={} documentId={} stage={} reason={} message={}",
        source.coordinates(),
        inferred.input().id(),
        Stage.ANALYSE.word(),
        FailureReason.TOO_LONG,
        message);
    Objects.requireNonNull(rejected).inc();
    context.output(
        TOO_LARGE,
        new Rejection(
            source,
            inferred.input().id(),
            Stage.ANALYSE,
            FailureReason.TOO_LONG,
            message,
            inferred.attempts(),
            inferred.trace()));
  }
}
