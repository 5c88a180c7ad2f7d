package io.kaiseki.pipelines.routing;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.contract.Contract;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The types of what a condition may speak of, made from the contract: {@code answer} has the fields
 * of the schema, {@code confidence} a probability for each closed field outside of lists.
 */
final class RouteTypes implements CelTypeProvider {

  static final String ANSWER = "answer";
  static final String CONFIDENCE = "confidence";
  static final String LEAST_CONFIDENCE = "leastConfidence";

  private static final String ANSWER_TYPE = "kaiseki.Answer";
  private static final String CONFIDENCE_TYPE = "kaiseki.Confidence";

  /** Largest whole number that has a type of its own; beyond, numbers are doubles. */
  private static final int LONG_BITS = 63;

  private final Map<String, AnswerType.Composite> records = new LinkedHashMap<>();
  private final Map<String, Map<String, CelType>> fields = new LinkedHashMap<>();
  private final ImmutableMap<String, CelType> types;

  RouteTypes(Contract contract) {
    record(ANSWER_TYPE, contract.type());
    confidences(CONFIDENCE_TYPE, contract.type());
    ImmutableMap.Builder<String, CelType> structs = ImmutableMap.builder();
    fields.forEach((name, ofRecord) -> structs.put(name, struct(name, ofRecord)));
    types = structs.buildOrThrow();
  }

  /** Type of the variable {@code answer}. */
  static CelType answer() {
    return StructTypeReference.create(ANSWER_TYPE);
  }

  /** Type of the variable {@code confidence}. */
  static CelType confidence() {
    return StructTypeReference.create(CONFIDENCE_TYPE);
  }

  @Override
  public ImmutableCollection<CelType> types() {
    return types.values();
  }

  @Override
  public Optional<CelType> findType(String typeName) {
    return Optional.ofNullable(types.get(typeName));
  }

  /** The contract's type of a field, without its null; empty if no record has this type's name. */
  Optional<AnswerType> field(String typeName, String field) {
    return Optional.ofNullable(records.get(typeName)).stream()
        .flatMap(composite -> composite.fields().stream())
        .filter(candidate -> candidate.name().equals(field))
        .map(found -> withoutNull(found.type()))
        .findFirst();
  }

  /** The names of all fields of a type; empty if there is no such type. */
  Iterable<String> fieldNames(String typeName) {
    return fields.getOrDefault(typeName, Map.of()).keySet();
  }

  /** Whether a number is whole and small enough for the language's own integers. */
  static boolean isWhole(AnswerType.Number number) {
    return number.fractionDigits() == 0
        && number.minimum().toBigInteger().bitLength() <= LONG_BITS
        && number.maximum().toBigInteger().bitLength() <= LONG_BITS;
  }

  static AnswerType withoutNull(AnswerType type) {
    return type instanceof AnswerType.Nullable nullable ? nullable.type() : type;
  }

  private CelType record(String name, AnswerType.Composite composite) {
    records.put(name, composite);
    Map<String, CelType> ofRecord = new LinkedHashMap<>();
    fields.put(name, ofRecord);
    for (AnswerType.Field field : composite.fields()) {
      ofRecord.put(field.name(), type(name + "." + field.name(), field.type()));
    }
    return StructTypeReference.create(name);
  }

  private CelType type(String name, AnswerType type) {
    if (type instanceof AnswerType.Nullable nullable) {
      CelType inner = type(name, nullable.type());
      // Null goes for records and moments anyway; a list that is null counts as empty.
      return nullable.type() instanceof AnswerType.Composite
              || inner.equals(SimpleType.TIMESTAMP)
              || nullable.type() instanceof AnswerType.Items
          ? inner
          : NullableType.create(inner);
    }
    if (type instanceof AnswerType.Composite composite) {
      return record(name, composite);
    }
    if (type instanceof AnswerType.Items items) {
      return ListType.create(type(name, items.type()));
    }
    if (type instanceof AnswerType.Truth) {
      return SimpleType.BOOL;
    }
    if (type instanceof AnswerType.Number number) {
      return isWhole(number) ? SimpleType.INT : SimpleType.DOUBLE;
    }
    return type instanceof AnswerType.Date || type instanceof AnswerType.Timestamp
        ? SimpleType.TIMESTAMP
        : SimpleType.STRING;
  }

  private void confidences(String name, AnswerType.Composite composite) {
    Map<String, CelType> ofRecord = new LinkedHashMap<>();
    fields.put(name, ofRecord);
    for (AnswerType.Field field : composite.fields()) {
      if (field.type().closed()) {
        ofRecord.put(field.name(), SimpleType.DOUBLE);
      } else if (withoutNull(field.type()) instanceof AnswerType.Composite inner) {
        String innerName = name + "." + field.name();
        confidences(innerName, inner);
        ofRecord.put(field.name(), StructTypeReference.create(innerName));
      }
    }
  }

  private static StructType struct(String name, Map<String, CelType> ofRecord) {
    Map<String, CelType> fixed =
        ofRecord.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    return StructType.create(
        name,
        ImmutableSet.copyOf(ofRecord.keySet()),
        field -> Optional.ofNullable(fixed.get(field)));
  }
}
