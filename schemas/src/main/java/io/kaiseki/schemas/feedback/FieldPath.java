package io.kaiseki.schemas.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.schemas.avro.Unions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;

/**
 * Where a value stands in an answer, written as confidences and feedback write it: {@code
 * category}, {@code sender.country}, {@code lines[0].kind}.
 *
 * @param field the field of the answer itself
 * @param steps from there to the value; empty where the field is meant as a whole
 */
public record FieldPath(String field, List<Step> steps) {

  private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
  private static final Pattern FORM =
      // Possessive, or each step would take a part of the thread's stack.
      Pattern.compile("(" + NAME + ")((?:\\." + NAME + "|\\[[0-9]{1,6}])*+)");
  private static final Pattern STEP =
      Pattern.compile("\\.(?<name>" + NAME + ")|\\[(?<index>[0-9]+)]");

  public FieldPath {
    steps = List.copyOf(steps);
  }

  /** One step down. */
  public sealed interface Step {

    /** To a field of a record. */
    record Member(String name) implements Step {}

    /** To an item of a list, from 0. */
    record Item(int index) implements Step {}
  }

  /** Reads a path; empty for a text that is none. */
  public static Optional<FieldPath> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    List<Step> steps = new ArrayList<>();
    Matcher step = STEP.matcher(form.group(2));
    while (step.find()) {
      String name = step.group("name");
      steps.add(
          name == null
              ? new Step.Item(Integer.parseInt(step.group("index")))
              : new Step.Member(name));
    }
    return Optional.of(new FieldPath(form.group(1), steps));
  }

  /** Whether a field of the answer itself is meant, as a whole. */
  public boolean isWhole() {
    return steps.isEmpty();
  }

  /** The path for all items of its lists alike, such as {@code lines[].kind}. */
  public String withoutIndexes() {
    return toString().replaceAll("\\[[0-9]+]", "[]");
  }

  /** The value in an answer; a missing node where there is none. */
  public JsonNode in(JsonNode answer) {
    JsonNode at = answer.path(field);
    for (Step step : steps) {
      at = down(at, step);
    }
    return at;
  }

  /** The type of the value by the schema of the answer; empty where there can be none. */
  public Optional<Schema> in(Schema answer) {
    Optional<Schema> at = member(answer, field);
    for (Step step : steps) {
      at =
          at.map(Unions::withoutNull)
              .flatMap(
                  schema ->
                      step instanceof Step.Member member
                          ? member(schema, member.name())
                          : schema.getType() == Schema.Type.ARRAY
                              ? Optional.of(schema.getElementType())
                              : Optional.empty());
    }
    return at;
  }

  /**
   * Puts a value where this path leads to.
   *
   * @return false, and nothing is changed, where the answer has no such place
   */
  public boolean put(ObjectNode answer, JsonNode value) {
    if (in(answer).isMissingNode()) {
      return false;
    }
    if (isWhole()) {
      answer.set(field, value);
      return true;
    }
    JsonNode parent = new FieldPath(field, steps.subList(0, steps.size() - 1)).in(answer);
    Step last = steps.get(steps.size() - 1);
    if (last instanceof Step.Member member) {
      ((ObjectNode) parent).set(member.name(), value);
    } else {
      ((ArrayNode) parent).set(((Step.Item) last).index(), value);
    }
    return true;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(field);
    for (Step step : steps) {
      if (step instanceof Step.Member member) {
        text.append('.').append(member.name());
      } else {
        text.append('[').append(((Step.Item) step).index()).append(']');
      }
    }
    return text.toString();
  }

  private static JsonNode down(JsonNode at, Step step) {
    if (step instanceof Step.Member member) {
      return at.path(member.name());
    }
    return at.isArray() ? at.path(((Step.Item) step).index()) : MissingNode.getInstance();
  }

  private static Optional<Schema> member(Schema record, String name) {
    Schema.Field found = record.getType() == Schema.Type.RECORD ? record.getField(name) : null;
    return Optional.ofNullable(found).map(Schema.Field::schema);
  }
}
