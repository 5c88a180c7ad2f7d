package io.kaiseki.inference.openai;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What models are asked about one document, and what they reply, whichever servers have them. An
 * answer that breaks the contract is shown to the model once more, with what is wrong with it. Used
 * by one thread at a time.
 */
final class Dialogue {

  private static final Logger LOG = LoggerFactory.getLogger(Dialogue.class);

  /** Answers that break the contract before the document is given up. */
  private static final int MOST_INVALID = 3;

  /** Violations that the model is told of. */
  private static final int TOLD = 5;

  private final CompletionRequest request;
  private final Question question;
  private final String model;
  private final long submittedNanos = System.nanoTime();
  private long startedNanos = submittedNanos;
  private int invalid;
  private String objection = "";
  private String lastAnswer = "";
  private TokenUsage spent = TokenUsage.NONE;

  /** A dialogue that begins with the document's submission. */
  Dialogue(CompletionRequest request, Question question, String model) {
    this.request = request;
    this.question = question;
    this.model = model;
  }

  Question question() {
    return question;
  }

  /** Says that the document waits no longer; what counts is the first time. */
  void start() {
    if (startedNanos == submittedNanos) {
      startedNanos = System.nanoTime();
    }
  }

  /** The body of the next request. */
  byte[] body(Asked asked) {
    return question.body(request, asked, objection, lastAnswer);
  }

  /**
   * Takes a reply.
   *
   * @return how the document ends; empty if the model is to be asked once more
   */
  Optional<Outcome> take(Endpoint endpoint, ChatReply reply) {
    // Answers that are thrown away cost their tokens too.
    spent = invalid == 0 ? reply.usage() : spent.plus(reply.usage());
    if (reply.refusal() != null || reply.finish().equals("content_filter")) {
      return Optional.of(
          new Outcome.Failed(
              FailureReason.REFUSED, endpoint + " refuses to answer: " + reply.finish()));
    }
    ReceivedAnswer answer =
        ReceivedAnswer.of(reply, request.analysis().contract(), request.document());
    GenericRecord record = answer.record();
    return record == null
        ? invalid(endpoint, reply, answer.violations())
        : Optional.of(new Outcome.Answered(completion(reply, record)));
  }

  private Optional<Outcome> invalid(Endpoint endpoint, ChatReply reply, List<String> violations) {
    invalid++;
    String first = String.join("; ", violations.subList(0, Math.min(TOLD, violations.size())));
    // A cut answer would be cut again.
    if (invalid >= MOST_INVALID || reply.finish().equals("length")) {
      return Optional.of(
          new Outcome.Failed(
              FailureReason.INVALID_ANSWER,
              "after "
                  + invalid
                  + " answers of "
                  + model
                  + " at "
                  + endpoint
                  + " that break the contract; the last: "
                  + first));
    }
    LOG.info(
        "event=answer-invalid document={} endpoint={} time={} violations={}",
        request.id(),
        endpoint,
        invalid,
        violations.size());
    objection =
        "Your answer breaks the rules: "
            + first
            + ". Answer again, with the JSON object only, and keep to the rules.";
    lastAnswer = reply.content();
    return Optional.empty();
  }

  private Completion completion(ChatReply reply, GenericRecord record) {
    boolean kaiseki = reply.kaiseki().isObject();
    List<FieldConfidence> confidences =
        kaiseki
            ? Confidences.of(reply.kaiseki())
            : Abstention.in(record, question.type(), LabelProbabilities.of(reply, question.type()));
    boolean reused = invalid == 0 && reply.kaiseki().path(KaisekiFields.REUSED).asBoolean();
    return new Completion(
        record,
        confidences,
        reply.reasoning(),
        reused ? TokenUsage.NONE : spent,
        reply.kaiseki().path(KaisekiFields.FINISH).asText().equals("REASONING_BUDGET")
            ? FinishReason.REASONING_BUDGET
            : FinishReason.COMPLETE,
        timings(reply),
        reused);
  }

  private Timings timings(ChatReply reply) {
    Duration total = Duration.ofNanos(System.nanoTime() - submittedNanos);
    Duration sent = Duration.ofNanos(startedNanos - submittedNanos);
    long queued = reply.kaiseki().path(KaisekiFields.QUEUED).asLong();
    // Without a stream, a server's first token is not seen from here.
    long firstToken = reply.kaiseki().path(KaisekiFields.FIRST_TOKEN).asLong(-1);
    return new Timings(
        sent.plusMillis(Math.max(0, queued)),
        firstToken < 0 ? total : sent.plusMillis(firstToken),
        total);
  }
}
