package io.kaiseki.desk.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.kaiseki.desk.feedback.Correction;
import io.kaiseki.desk.feedback.FeedbackWriter;
import io.kaiseki.desk.model.Columns;
import io.kaiseki.desk.view.Detail;
import io.kaiseki.schemas.Feedback;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes corrections and confirmations. */
final class FeedbackApi {

  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_COMMENT = 2_000;

  private final DocumentsApi documents;
  private final Supplier<Columns> columns;
  private final FeedbackWriter writer;
  private final String analysis;

  FeedbackApi(
      DocumentsApi documents, Supplier<Columns> columns, FeedbackWriter writer, String analysis) {
    this.documents = documents;
    this.columns = columns;
    this.writer = writer;
    this.analysis = analysis;
  }

  /**
   * What a client sends.
   *
   * @param by who says it
   * @param corrections what is right, where the answer is not
   * @param confirm whether all closed fields that nobody corrects or has corrected are right
   * @param comment a remark
   * @param answerTag that of the answer which they saw; null if they don't say which
   */
  record Said(
      @Nullable String by,
      @Nullable List<@Nullable Correction> corrections,
      boolean confirm,
      @Nullable String comment,
      @Nullable String answerTag) {}

  /** What was written; no fields where a confirmation finds all of them corrected. */
  record Written(String document, List<String> fields, Instant at) {}

  void write(Context request) {
    if (!"application/json".equals(mediaType(request.contentType()))) {
      throw new ApiProblem(415, "the body must be application/json");
    }
    Said said = Json.read(request.bodyAsBytes(), Said.class);
    Detail detail = documents.find(request);
    Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    List<Feedback> feedback = feedback(said, detail, at);
    writer.write(feedback);
    request
        .status(201)
        .contentType("application/json")
        .result(
            Json.bytes(
                new Written(
                    detail.row().id(), feedback.stream().map(Feedback::getField).toList(), at)));
  }

  private List<Feedback> feedback(Said said, Detail detail, Instant at) {
    List<String> problems = new ArrayList<>();
    String by = said.by() == null ? "" : said.by().strip();
    if (by.isEmpty() || by.length() > LONGEST_NAME) {
      problems.add("by must say who you are, in " + LONGEST_NAME + " characters at most");
    }
    if (said.comment() != null && said.comment().length() > LONGEST_COMMENT) {
      problems.add("comment must have " + LONGEST_COMMENT + " characters at most");
    }
    List<Correction> corrections = corrections(said, problems);
    JsonNode answer = detail.answer();
    if (answer == null) {
      throw new ApiProblem(409, "the document has no result to correct");
    }
    if (said.answerTag() != null && !said.answerTag().equals(detail.answerTag())) {
      throw new ApiProblem(409, "the answer has changed; look again");
    }
    Columns known = columns.get();
    FeedbackRecords records = new FeedbackRecords(detail, answer, problems);
    for (Correction correction : corrections) {
      Optional<String> problem = correction.problem(known);
      problem.ifPresentOrElse(problems::add, () -> records.correct(correction, known));
    }
    if (said.confirm()) {
      records.confirm(known);
    }
    if (!problems.isEmpty()) {
      throw new ApiProblem(400, String.join("; ", problems));
    }
    return records.records(analysis, by, said.comment(), at);
  }

  private static List<Correction> corrections(Said said, List<String> problems) {
    List<@Nullable Correction> given = said.corrections() == null ? List.of() : said.corrections();
    if (given.isEmpty() && !said.confirm()) {
      problems.add("give corrections, or confirm: true");
    }
    List<Correction> corrections = new ArrayList<>();
    for (Correction correction : given) {
      if (correction != null) {
        corrections.add(correction);
      }
    }
    if (corrections.size() < given.size()) {
      problems.add("each of the corrections must have a field and a value; found null");
    }
    return corrections;
  }

  private static String mediaType(@Nullable String contentType) {
    return contentType == null ? "" : contentType.split(";")[0].strip();
  }
}
