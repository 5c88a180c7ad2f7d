package io.kaiseki.inference.longdocument;

import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.schemas.avro.Unions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Merges the answers to the parts of one document, field by field:
 *
 * <ul>
 *   <li>enums and booleans by {@link ClosedVote}, with the merged probabilities; where only some
 *       parts tell probabilities, as in a cascade, those that do not are taken to be certain;
 *   <li>lists by {@link ItemMerger};
 *   <li>nested records by merging their fields; what may be null is so only if it is in all parts,
 *       or, for an enum or boolean, if the vote says so;
 *   <li>numbers, days, times, quotes and texts: the value that the most confidence stands behind,
 *       which is the sum of the {@linkplain AnalysedPart#confidence confidences} of the parts that
 *       give it; of equals, the earlier one. A quote so stays a quote of the document. Texts about
 *       which the parts differ are told to the caller, who can have them summarised.
 * </ul>
 */
final class AnswerMerger {

  /** A part's value of the field at hand. */
  private record Candidate(AnalysedPart part, @Nullable Object value) {}

  /** Values that say the same, and the confidence behind them. */
  private static final class Camp {
    private final Object value;
    private double confidence;

    Camp(Object value) {
      this.value = value;
    }
  }

  private final List<FieldConfidence> confidences = new ArrayList<>();
  private final List<MergedAnswer.OpenText> openTexts = new ArrayList<>();

  private AnswerMerger() {}

  /** Merges at least one answer, given in the order of the document. */
  static MergedAnswer merge(Contract contract, List<AnalysedPart> parts) {
    AnswerMerger merger = new AnswerMerger();
    List<Candidate> answers =
        parts.stream().map(part -> new Candidate(part, part.completion().answer())).toList();
    GenericRecord answer =
        merger.record(contract.type(), contract.schema(), "", List.of(), answers);
    return new MergedAnswer(answer, merger.confidences, merger.openTexts);
  }

  private GenericRecord record(
      AnswerType.Composite type,
      Schema schema,
      String path,
      List<Integer> positions,
      List<Candidate> candidates) {
    GenericRecord record = new GenericData.Record(schema);
    for (int i = 0; i < type.fields().size(); i++) {
      AnswerType.Field field = type.fields().get(i);
      int position = i;
      List<Integer> fieldPositions = new ArrayList<>(positions);
      fieldPositions.add(position);
      record.put(
          position,
          value(
              field.type(),
              schema.getFields().get(position).schema(),
              path.isEmpty() ? field.name() : path + "." + field.name(),
              fieldPositions,
              candidates.stream()
                  .map(of -> new Candidate(of.part, ((GenericRecord) of.value()).get(position)))
                  .toList()));
    }
    return record;
  }

  private @Nullable Object value(
      AnswerType type,
      Schema schema,
      String path,
      List<Integer> positions,
      List<Candidate> candidates) {
    if (type.closed()) {
      return closed(type, Unions.withoutNull(schema), path, candidates);
    }
    if (type instanceof AnswerType.Nullable nullable) {
      List<Candidate> present = candidates.stream().filter(of -> of.value() != null).toList();
      return present.isEmpty()
          ? null
          : value(nullable.type(), Unions.withoutNull(schema), path, positions, present);
    }
    if (type instanceof AnswerType.Composite composite) {
      return record(composite, Unions.withoutNull(schema), path, positions, candidates);
    }
    if (type instanceof AnswerType.Items items) {
      ItemMerger merger = new ItemMerger(items);
      candidates.forEach(of -> merger.add(of.part, path, (List<?>) of.value()));
      return merger.merged(path, confidences);
    }
    Map<Object, Camp> camps = camps(longEnough(type, candidates));
    if (type instanceof AnswerType.Text && camps.size() > 1) {
      openTexts.add(new MergedAnswer.OpenText(List.copyOf(positions), path));
    }
    return strongest(camps).value;
  }

  /** Without the quotes of parts that had too few words, where others had enough. */
  private static List<Candidate> longEnough(AnswerType type, List<Candidate> candidates) {
    if (!(type instanceof AnswerType.Quote quote)) {
      return candidates;
    }
    List<Candidate> enough =
        candidates.stream()
            .filter(of -> String.valueOf(of.value).codePoints().count() >= quote.minLength())
            .toList();
    return enough.isEmpty() ? candidates : enough;
  }

  private @Nullable Object closed(
      AnswerType type, Schema schema, String path, List<Candidate> candidates) {
    List<ClosedVote.Ballot> ballots = new ArrayList<>();
    List<Candidate> untold = new ArrayList<>();
    for (Candidate candidate : candidates) {
      FieldConfidence confidence = candidate.part.confidences().get(path);
      if (confidence != null) {
        ballots.add(new ClosedVote.Ballot(candidate.part.text().length(), confidence));
      } else if (candidate.value != null) {
        untold.add(candidate);
      }
    }
    if (ballots.isEmpty()) {
      // An engine that tells no probabilities: count, and make none up.
      return untold.isEmpty() ? null : strongest(camps(untold)).value;
    }
    Set<String> labels = ballots.get(0).confidence().distribution().keySet();
    for (Candidate candidate : untold) {
      FieldConfidence certain = certain(path, String.valueOf(candidate.value), labels);
      ballots.add(new ClosedVote.Ballot(candidate.part.text().length(), certain));
    }
    boolean mayBeNull = type instanceof AnswerType.Nullable;
    FieldConfidence elected =
        type instanceof AnswerType.Nullable nullable
            ? ClosedVote.ofNullable(ballots, nullable.minConfidence())
            : ClosedVote.of(ballots);
    confidences.add(elected);
    if (mayBeNull && (elected.abstained() || elected.label().equals(ClosedVote.NULL))) {
      return null;
    }
    return schema.getType() == Schema.Type.BOOLEAN
        ? Boolean.valueOf(elected.label())
        : new GenericData.EnumSymbol(schema, elected.label());
  }

  private static FieldConfidence certain(String path, String label, Set<String> labels) {
    Map<String, Double> distribution = new LinkedHashMap<>();
    labels.forEach(each -> distribution.put(each, 0.0));
    distribution.put(label, 1.0);
    return new FieldConfidence(path, label, 1, distribution);
  }

  private static Map<Object, Camp> camps(List<Candidate> candidates) {
    Map<Object, Camp> camps = new LinkedHashMap<>();
    for (Candidate candidate : candidates) {
      Object value = Objects.requireNonNull(candidate.value);
      camps.computeIfAbsent(NormalForm.of(value), same -> new Camp(value)).confidence +=
          candidate.part.confidence();
    }
    return camps;
  }

  private static Camp strongest(Map<Object, Camp> camps) {
    Camp strongest = null;
    for (Camp camp : camps.values()) {
      if (strongest == null || camp.confidence > strongest.confidence) {
        strongest = camp;
      }
    }
    return Objects.requireNonNull(strongest);
  }
}
