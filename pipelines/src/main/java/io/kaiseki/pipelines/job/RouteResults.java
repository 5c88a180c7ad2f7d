package io.kaiseki.pipelines.job;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.flink.Inferred;
import io.kaiseki.pipelines.routing.Route;
import io.kaiseki.pipelines.routing.Router;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes a result once and addresses it: to the topic of all results, and to those of the routes
 * whose condition holds. A condition that fails keeps no result back; it is counted and logged.
 */
final class RouteResults
    extends RichFlatMapFunction<Inferred<PreparedDocument, Outcome.Answered>, OutgoingRecord> {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(RouteResults.class);

  private final ResultRecordSerializer serializer;
  private final Router router;
  private transient @Nullable Counter failures;
  private transient @Nullable Map<String, Counter> routed;

  RouteResults(ResultRecordSerializer serializer, Router router) {
    this.serializer = serializer;
    this.router = router;
  }

  @Override
  public void open(OpenContext context) {
    MetricGroup metrics = getRuntimeContext().getMetricGroup();
    failures = metrics.counter(JobMetrics.ROUTE_FAILURES.lastName());
    Map<String, Counter> counters = new HashMap<>();
    for (Route route : router.routes()) {
      counters.computeIfAbsent(
          route.topic(),
          topic -> metrics.addGroup(JobMetrics.ROUTE, topic).counter(JobMetrics.ROUTED.lastName()));
    }
    routed = counters;
  }

  @Override
  public void flatMap(
      Inferred<PreparedDocument, Outcome.Answered> inferred, Collector<OutgoingRecord> out) {
    ProducerRecord<byte[], byte[]> record = serializer.encode(inferred);
    out.collect(new OutgoingRecord(record.topic(), record.key(), record.value(), inferred.trace()));
    Completion completion = inferred.outcome().completion();
    Router.Decision decision = router.decide(completion.answer(), completion.confidences());
    for (String topic : decision.topics()) {
      out.collect(new OutgoingRecord(topic, record.key(), record.value(), inferred.trace()));
      Objects.requireNonNull(routed).get(topic).inc();
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
}
