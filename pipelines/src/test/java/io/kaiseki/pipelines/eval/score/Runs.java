package io.kaiseki.pipelines.eval.score;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.Escalation;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.openai.OpenAiSettings;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.AnalysisLimits;
import io.kaiseki.pipelines.analysis.AnalysisTopics;
import io.kaiseki.pipelines.analysis.CascadeSettings;
import io.kaiseki.pipelines.analysis.DocumentHandling;
import io.kaiseki.pipelines.analysis.ModelSettings;
import io.kaiseki.pipelines.eval.labels.Label;
import io.kaiseki.pipelines.eval.labels.LabelledDocument;
import io.kaiseki.pipelines.eval.labels.LabelledField;
import io.kaiseki.pipelines.eval.labels.Labels;
import io.kaiseki.pipelines.eval.run.Pass;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Runs over made-up documents, for tests that judge them. */
public final class Runs {

  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Mail", "namespace": "test", "fields": [
                {"name": "topic", "type": {"type": "enum", "name": "Topic",
                  "symbols": ["billing", "delivery"]}},
                {"name": "due", "type": ["null", {"type": "int", "logicalType": "date"}]},
                {"name": "channel", "type": {"type": "enum", "name": "Channel",
                  "symbols": ["mail"]}}
              ]}
              """);

  private static final Contract CONTRACT = Contract.of(SCHEMA);

  private Runs() {}

  /** Documents {@code d0}, {@code d1}, ... of these topics; none of them names a day. */
  public static Labels labels(String... topics) {
    List<LabelledDocument> documents = new ArrayList<>();
    for (int i = 0; i < topics.length; i++) {
      documents.add(
          new LabelledDocument(
              "d" + i,
              Optional.empty(),
              "secret text " + i,
              Map.of("topic", new Label.Closed(topics[i]), "due", new Label.Open(List.of()))));
    }
    return new Labels("mails.csv", topics.length, fields("topic", "due"), documents);
  }

  /** One document of this topic, whose channel is none that the field knows. */
  public static Labels outOfScope(String topic) {
    return new Labels(
        "mails.csv",
        1,
        fields("topic", "channel"),
        List.of(
            new LabelledDocument(
                "d0",
                Optional.empty(),
                "secret text",
                Map.of("topic", new Label.Closed(topic), "channel", new Label.OutOfScope("fax")))));
  }

  /** One document whose only labelled field has one label. */
  public static Labels channel() {
    return new Labels(
        "mails.csv",
        1,
        fields("channel"),
        List.of(
            new LabelledDocument(
                "d0",
                Optional.empty(),
                "secret text",
                Map.of("channel", new Label.Closed("mail")))));
  }

  /** A run with these answers, each of some tokens. */
  public static Pass pass(ReasoningPolicy policy, List<Outcome> outcomes) {
    return new Pass(
        definition(policy),
        outcomes,
        List.of(new Pass.Stretch(outcomes.size(), 2)),
        new EngineDescription("llama.cpp", "b1", "tiny.gguf", "ab12", 4, 512));
  }

  /** The same run before a second model, called big. */
  public static Pass beforeSecondModel(Pass pass) {
    CascadeSettings second =
        new CascadeSettings(OpenAiSettings.of(URI.create("http://127.0.0.1:1"), "big"), 0.7);
    ModelSettings model =
        new ModelSettings(
            Optional.empty(), "", 1, 0, 512, 1, "", 0, Optional.empty(), Optional.of(second));
    return new Pass(
        definition(pass.reasoning(), model), pass.outcomes(), pass.stretches(), pass.engine());
  }

  /** An answer of the second model, given for one of the first that took so many tokens. */
  public static Outcome escalated(String topic, TokenUsage first) {
    Outcome.Answered answered = (Outcome.Answered) withoutConfidence(topic);
    return new Outcome.Answered(
        answered
            .completion()
            .withEscalation(
                new Escalation(
                    new EngineDescription(EngineDescription.OPENAI, "", "big", "", 8, 0),
                    first,
                    Duration.ofMillis(1),
                    0.4)));
  }

  /** An answer with this topic and this probability of billing. */
  public static Outcome answered(String topic, double billing, int reasoning) {
    return answered(
        topic,
        List.of(
            new FieldConfidence(
                "topic",
                topic,
                topic.equals("billing") ? billing : 1 - billing,
                Map.of("billing", billing, "delivery", 1 - billing))),
        reasoning);
  }

  /** An answer with this topic, of a server that tells no probabilities. */
  public static Outcome withoutConfidence(String topic) {
    return answered(topic, List.of(), 0);
  }

  private static Outcome answered(String topic, List<FieldConfidence> confidences, int reasoning) {
    GenericRecord answer = new GenericData.Record(SCHEMA);
    answer.put("topic", new GenericData.EnumSymbol(SCHEMA.getField("topic").schema(), topic));
    answer.put("due", null);
    answer.put("channel", new GenericData.EnumSymbol(SCHEMA.getField("channel").schema(), "mail"));
    return new Outcome.Answered(
        new Completion(
            answer,
            confidences,
            reasoning == 0 ? null : "hm",
            new TokenUsage(100, true, 20, reasoning, 10, 4),
            FinishReason.COMPLETE,
            new Timings(Duration.ZERO, Duration.ZERO, Duration.ofMillis(1))));
  }

  /** An outcome without an answer. */
  public static Outcome failed(FailureReason reason) {
    return new Outcome.Failed(reason, "made up");
  }

  private static List<LabelledField> fields(String... names) {
    return CONTRACT.type().fields().stream()
        .filter(field -> List.of(names).contains(field.name()))
        .map(field -> new LabelledField(field.name(), field.name(), field.type()))
        .toList();
  }

  private static AnalysisDefinition definition(ReasoningPolicy policy) {
    return definition(policy, new ModelSettings(Optional.empty(), "", 1, 0, 512, 1, "", 0));
  }

  private static AnalysisDefinition definition(ReasoningPolicy policy, ModelSettings model) {
    return new AnalysisDefinition(
        "mails",
        "Mails",
        "",
        "Sort the mail.",
        CONTRACT,
        new AnalysisTopics("a", "b", "c"),
        model,
        policy,
        new AnalysisLimits(Duration.ofMinutes(2), OptionalInt.empty()),
        DocumentHandling.DEFAULT,
        false,
        List.of());
  }
}
