package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.flink.Inferred;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.routing.Route;
import io.kaiseki.pipelines.routing.Router;
import io.kaiseki.schemas.envelope.Result;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;

/** A result that Kafka would refuse must not stop the job, and its document ends in one place. */
class RouteResultsTest {

  private static final String RESULTS = "moods.results";
  private static final String ROUTED = "moods.good";
  private static final int WIRE_HEADER = 5;

  /** Far more than a result of the small analysis has without its reasoning. */
  private static final int ENOUGH = 2_000;

  private final Analysis analysis =
      JobFixture.definition("t", AnalysisOverrides.none()).toAnalysis();
  private final ResultEnvelope envelope =
      ResultEnvelope.of(analysis.name(), analysis.contract().schema());
  private final List<OutgoingRecord> written = new ArrayList<>();
  private final List<Rejection> rejected = new ArrayList<>();

  @Test
  void a_result_that_fits_goes_to_its_topics_whole() throws Exception {
    route(Map.of(), Map.of(), thinking(8_000));

    assertThat(written).extracting(OutgoingRecord::topic).containsExactly(RESULTS, ROUTED);
    assertThat(written).allSatisfy(record -> assertThat(result(record).reasoning()).isNotNull());
    assertThat(rejected).isEmpty();
  }

  @Test
  void one_that_is_too_large_for_the_producer_loses_its_reasoning_and_not_its_place()
      throws Exception {
    route(Map.of("max.request.size", String.valueOf(ENOUGH)), Map.of(), thinking(8_000));

    assertThat(written).extracting(OutgoingRecord::topic).containsExactly(RESULTS, ROUTED);
    assertThat(written).allSatisfy(record -> assertThat(result(record).reasoning()).isNull());
    assertThat(rejected).isEmpty();
  }

  @Test
  void one_that_is_too_large_without_reasoning_becomes_a_dead_letter_and_is_written_nowhere()
      throws Exception {
    route(Map.of(), Map.of(RESULTS, new TopicLimit(100, Optional.empty())), thinking(8_000));

    assertThat(written).isEmpty();
    assertThat(rejected)
        .singleElement()
        .satisfies(
            rejection -> {
              assertThat(rejection.documentId()).isEqualTo("d");
              assertThat(rejection.source().offset()).isEqualTo(7);
              assertThat(rejection.stage()).isEqualTo(Rejection.Stage.ANALYSE);
              assertThat(rejection.reason()).isEqualTo(FailureReason.TOO_LONG);
              assertThat(rejection.attempts()).isEqualTo(2);
              assertThat(rejection.message())
                  .matches("the result has \\d{3} bytes without reasoning, .*")
                  .contains("max.message.bytes of topic " + RESULTS + " is 100; raise it");
            });
  }

  @Test
  void a_result_that_never_had_reasoning_is_measured_all_the_same() throws Exception {
    route(Map.of("max.request.size", "100"), Map.of(), thinking(0));

    assertThat(written).isEmpty();
    assertThat(rejected)
        .singleElement()
        .satisfies(one -> assertThat(one.message()).contains("kafka.max.request.size is 100"));
  }

  @Test
  void the_topic_of_a_route_may_take_less_than_that_of_all_results() throws Exception {
    route(Map.of(), Map.of(ROUTED, new TopicLimit(ENOUGH, Optional.empty())), thinking(8_000));

    assertThat(written).extracting(OutgoingRecord::topic).containsExactly(RESULTS, ROUTED);
    assertThat(result(written.get(0)).reasoning()).isNotNull();
    assertThat(result(written.get(1)).reasoning()).isNull();
  }

  @Test
  void a_copy_that_its_topic_does_not_take_is_left_out_and_the_result_stays() throws Exception {
    route(Map.of(), Map.of(ROUTED, new TopicLimit(100, Optional.empty())), thinking(8_000));

    assertThat(written).extracting(OutgoingRecord::topic).containsExactly(RESULTS);
    assertThat(result(written.get(0)).reasoning()).isNotNull();
    assertThat(rejected).isEmpty();
  }

  private void route(
      Map<String, String> client, Map<String, TopicLimit> limits, Completion completion)
      throws Exception {
    List<String> asked = new ArrayList<>();
    RouteResults route =
        new RouteResults(
            new ResultRecordSerializer(RESULTS, analysis, envelope, 1, true),
            new Router(List.of(new Route("answer.mood == 'good'", ROUTED)), analysis.contract()),
            topics -> {
              asked.addAll(topics);
              return new LargestResult(new KafkaSettings("localhost:1", client), limits);
            });
    route.setRuntimeContext(withMetrics());
    route.open(new OpenContext() {});
    route.processElement(inferred(completion), context(route), collector());
    assertThat(asked).containsExactlyInAnyOrder(RESULTS, ROUTED);
  }

  /** A completion with so many characters of reasoning, which no compression makes much smaller. */
  private Completion thinking(int characters) {
    byte[] noise = LargestResultTest.noise(characters);
    String reasoning =
        characters == 0 ? null : Base64.getEncoder().encodeToString(noise).substring(0, characters);
    return new Completion(
        good(analysis.contract().schema()),
        List.of(),
        reasoning,
        TokenUsage.NONE,
        FinishReason.COMPLETE,
        new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO));
  }

  private static Inferred<PreparedDocument, Outcome.Answered> inferred(Completion completion) {
    return new Inferred<>(
        new PreparedDocument(new RawRecord("in", 0, 7, 0, null, new byte[0], List.of()), "d", "t"),
        new Outcome.Answered(completion),
        2,
        new EngineDescription("scripted", "", "none", "", 1, 100));
  }

  private static GenericRecord good(Schema schema) {
    GenericRecord record = new GenericData.Record(schema);
    record.put("mood", new GenericData.EnumSymbol(schema.getField("mood").schema(), "good"));
    record.put("sure", true);
    return record;
  }

  private Result result(OutgoingRecord record) throws IOException {
    byte[] value = record.value();
    return ResultEnvelope.open(
        new GenericDatumReader<GenericRecord>(envelope.schema())
            .read(
                null,
                DecoderFactory.get()
                    .binaryDecoder(value, WIRE_HEADER, value.length - WIRE_HEADER, null)));
  }

  private RouteResults.Context context(RouteResults route) {
    return route.new Context() {
      @Override
      public Long timestamp() {
        return 0L;
      }

      @Override
      public TimerService timerService() {
        throw new UnsupportedOperationException();
      }

      @Override
      public <X> void output(OutputTag<X> tag, X value) {
        assertThat(tag).isEqualTo(RouteResults.TOO_LARGE);
        rejected.add((Rejection) value);
      }
    };
  }

  private Collector<OutgoingRecord> collector() {
    return new Collector<>() {
      @Override
      public void collect(OutgoingRecord record) {
        written.add(record);
      }

      @Override
      public void close() {}
    };
  }

  /** All that the operator asks Flink for. */
  private static RuntimeContext withMetrics() {
    return (RuntimeContext)
        Proxy.newProxyInstance(
            RouteResultsTest.class.getClassLoader(),
            new Class<?>[] {RuntimeContext.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("getMetricGroup");
              return UnregisteredMetricsGroup.createOperatorMetricGroup();
            });
  }
}
