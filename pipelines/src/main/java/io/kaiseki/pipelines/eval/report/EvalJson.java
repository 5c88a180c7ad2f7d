package io.kaiseki.pipelines.eval.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.pipelines.eval.metrics.ClosedScore;
import io.kaiseki.pipelines.eval.metrics.McNemar;
import io.kaiseki.pipelines.eval.metrics.OpenScore;
import io.kaiseki.pipelines.eval.metrics.Proportion;
import io.kaiseki.pipelines.eval.metrics.Reliability;
import io.kaiseki.pipelines.eval.metrics.RiskCoverage;
import io.kaiseki.pipelines.eval.metrics.TemperatureScaling;
import io.kaiseki.pipelines.eval.score.Evaluation;
import io.kaiseki.pipelines.eval.score.Frontier;
import io.kaiseki.pipelines.eval.score.Prediction;
import io.kaiseki.pipelines.eval.score.Usage;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A report as JSON. Parts are 0 to 1, times seconds, tokens means over the documents that were
 * answered. {@code predictions} is what a later run is compared with.
 */
public final class EvalJson {

  /** Raised when a key changes its meaning. */
  private static final int FORMAT = 1;

  private static final int PAIRS = 50;
  private static final int CURVE_POINTS = 200;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private EvalJson() {}

  /** The whole report. */
  public static ObjectNode of(EvalReport report) {
    Evaluation evaluation = report.evaluation();
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    head(json, evaluation);
    json.put("documents", evaluation.predictions().size());
    json.put("answered", evaluation.answered());
    ObjectNode failed = json.putObject("failed");
    evaluation.failures().forEach((reason, of) -> failed.put(reason.name(), of.count()));
    speed(json, report, evaluation);
    ObjectNode fields = json.putObject("fields");
    evaluation.closed().forEach((name, score) -> closed(fields.putObject(name), score));
    evaluation.open().forEach((name, score) -> open(fields.putObject(name), score));
    report
        .comparison()
        .ifPresent(
            comparison -> {
              ObjectNode against = json.putObject("against");
              against.put("report", comparison.former());
              ObjectNode of = against.putObject("fields");
              comparison
                  .fields()
                  .forEach((name, test) -> of.set(name, mcnemar(test, "onlyFormer", "onlyNow")));
            });
    report.frontier().ifPresent(found -> frontier(json.putObject("frontier"), report, found));
    ArrayNode predictions = json.putArray("predictions");
    evaluation.predictions().forEach(prediction -> prediction(predictions.addObject(), prediction));
    return json;
  }

  private static void head(ObjectNode json, Evaluation evaluation) {
    ObjectNode analysis = json.putObject("analysis");
    analysis.put("name", evaluation.pass().analysis().name());
    analysis.put("version", evaluation.pass().analysis().version());
    analysis.put("reasoning", evaluation.pass().reasoning().describe());
    ObjectNode model = json.putObject("model");
    model.put("name", evaluation.pass().engine().model());
    model.put("sha256", evaluation.pass().engine().modelSha256());
    model.put("build", evaluation.pass().engine().build());
    model.put("slots", evaluation.pass().engine().slots());
    evaluation.pass().secondModel().ifPresent(second -> json.put("secondModel", second));
    ObjectNode labels = json.putObject("labels");
    labels.put("file", evaluation.labels().file());
    labels.put("rows", evaluation.labels().rows());
  }

  private static void speed(ObjectNode json, EvalReport report, Evaluation evaluation) {
    json.put("seconds", evaluation.pass().seconds());
    json.put("docsPerSecond", evaluation.pass().documentsPerSecond());
    report.costPerHour().ifPresent(cost -> json.put("costPerHour", cost));
    put(json, "costPerDocument", report.costPerDocument());
    Usage usage = evaluation.usage();
    ObjectNode tokens = json.putObject("tokensPerDocument");
    tokens.put("prefix", usage.prefix());
    tokens.put("document", usage.document());
    tokens.put("reasoning", usage.reasoning());
    tokens.put("answer", usage.answer());
    tokens.put("forced", usage.forced());
    tokens.put("computed", usage.computed());
    json.put("thought", usage.thought());
    json.put("escalated", usage.escalated());
  }

  private static void closed(ObjectNode json, ClosedScore score) {
    json.put("kind", "closed");
    json.put("documents", score.accuracy().total());
    if (score.accuracy().total() > 0) {
      proportion(json, "accuracy", score.accuracy());
      json.put("macroF1", score.confusions().macroF1());
    }
    score.trust().ifPresent(trust -> trust(json, trust));
    ObjectNode abstention = json.putObject("abstention");
    proportion(abstention, "coverage", score.coverage());
    proportion(abstention, "accuracyOfKept", score.accuracyOfKept());
    score.trust().ifPresent(of -> put(abstention, "aurocRightFromWrong", of.rightFromWrong()));
    score
        .outOfScope()
        .ifPresent(
            outside -> {
              ObjectNode of = json.putObject("outOfScope");
              of.put("documents", outside.left().total());
              proportion(of, "leftWithoutLabel", outside.left());
              put(of, "auroc", outside.auroc());
            });
    ArrayNode pairs = json.putArray("confusions");
    score
        .confusions()
        .pairs(PAIRS)
        .forEach(
            pair ->
                pairs
                    .addObject()
                    .put("truth", pair.truth())
                    .put("answer", pair.answer())
                    .put("count", pair.count()));
    ObjectNode labels = json.putObject("labels");
    for (String label : score.confusions().labels()) {
      labels
          .putObject(label)
          .put("documents", score.confusions().support(label))
          .put("right", score.confusions().count(label, label))
          .put("f1", score.confusions().f1(label));
    }
  }

  private static void trust(ObjectNode json, ClosedScore.Trust trust) {
    json.put("ece", trust.reliability().ece());
    json.put("logLoss", trust.logLoss());
    trust
        .scaling()
        .ifPresent(
            scaling -> {
              ObjectNode scaled = json.putObject("scaled");
              scaled.put("temperature", scaling.temperature());
              put(scaled, "ece", trust.eceScaled());
              scaled.put("logLoss", TemperatureScaling.logLoss(scaling.halves()));
              reliability(scaled.putArray("reliability"), Reliability.of(scaling.halves()));
            });
    trust
        .calibration()
        .ifPresent(
            calibration -> {
              ObjectNode calibrated = json.putObject("calibrated");
              calibrated.put("a", calibration.a());
              calibrated.put("b", calibration.b());
              calibrated.put("c", calibration.c());
              put(calibrated, "ece", trust.eceCalibrated());
              reliability(calibrated.putArray("reliability"), Reliability.of(calibration.halves()));
            });
    reliability(json.putArray("reliability"), trust.reliability());
    json.put("aurc", trust.riskCoverage().aurc());
    curve(json.putArray("riskCoverage"), trust.riskCoverage().points());
  }

  private static void open(ObjectNode json, OpenScore score) {
    json.put("kind", "open");
    json.put("documents", score.exact().total());
    proportion(json, "exactMatch", score.exact());
    json.put("overlapF1", score.overlapF1());
    json.put("precision", score.precision());
    json.put("recall", score.recall());
    json.put("f1", score.f1());
  }

  private static void frontier(ObjectNode json, EvalReport report, Frontier frontier) {
    ArrayNode fields = json.putArray("fields");
    frontier.fields().forEach(fields::add);
    if (frontier.hasTarget()) {
      json.put("target", frontier.target());
    }
    frontier.proposal().ifPresent(point -> json.put("proposal", point.policy().describe()));
    ArrayNode points = json.putArray("points");
    for (Frontier.Point point : frontier.points()) {
      Evaluation run = point.evaluation();
      ObjectNode one = points.addObject();
      one.put("reasoning", point.policy().describe());
      one.put("accuracy", point.accuracy());
      one.put("tokensPerDocument", point.tokensPerDocument());
      one.put("docsPerSecond", run.pass().documentsPerSecond());
      one.putObject("timesAlways")
          .put("median", point.speedup().median())
          .put("least", point.speedup().least())
          .put("greatest", point.speedup().greatest());
      put(one, "costPerDocument", report.costPerDocument(run));
      one.put("thought", run.usage().thought());
      one.put("escalated", run.usage().escalated());
      one.put("failed", run.failed());
      one.set("againstAlways", mcnemar(point.againstAlways(), "onlyAlways", "onlyThis"));
      ObjectNode of = one.putObject("fields");
      run.inScope().forEach((name, score) -> of.put(name, score.accuracy().value()));
    }
  }

  private static void prediction(ObjectNode json, Prediction prediction) {
    json.put("id", prediction.id());
    json.put("text", prediction.text());
    prediction.failure().ifPresent(reason -> json.put("failed", reason.name()));
    json.put("thought", prediction.thought());
    ObjectNode fields = json.putObject("fields");
    prediction
        .fields()
        .forEach(
            (name, field) -> {
              ObjectNode one = fields.putObject(name);
              one.put("truth", field.truth()).put("correct", field.correct());
              field
                  .label()
                  .ifPresent(
                      label -> {
                        one.put("label", label);
                        put(one, "confidence", field.confidence());
                        one.put("abstained", field.abstained());
                      });
            });
  }

  private static ObjectNode mcnemar(McNemar test, String first, String second) {
    return JSON.createObjectNode()
        .put("compared", test.compared())
        .put(first, test.onlyFirst())
        .put(second, test.onlySecond())
        .put("p", test.p());
  }

  private static void proportion(ObjectNode json, String name, Proportion proportion) {
    json.put(name, proportion.value());
    json.putArray(name + "Interval").add(proportion.lower()).add(proportion.upper());
  }

  private static void reliability(ArrayNode json, Reliability reliability) {
    for (Reliability.Bin bin : reliability.bins()) {
      json.addObject()
          .put("from", bin.from())
          .put("to", bin.to())
          .put("documents", bin.count())
          .put("confidence", bin.confidence())
          .put("accuracy", bin.accuracy());
    }
  }

  private static void curve(ArrayNode json, List<RiskCoverage.Point> points) {
    for (RiskCoverage.Point point : Thinned.to(CURVE_POINTS, points)) {
      json.addObject()
          .put("confidence", point.confidence())
          .put("coverage", point.coverage())
          .put("risk", point.risk());
    }
  }

  private static void put(ObjectNode json, String name, OptionalDouble value) {
    if (value.isPresent()) {
      json.put(name, value.getAsDouble());
    }
  }
}
