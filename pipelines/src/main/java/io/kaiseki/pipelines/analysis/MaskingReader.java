package io.kaiseki.pipelines.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kaiseki.inference.MaskedValue;
import io.kaiseki.inference.MaskingPolicy;
import io.kaiseki.inference.privacy.Masker;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.NearestName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what an analysis masks, and notes every problem with it. */
final class MaskingReader {

  private static final String NAME = "name";
  private static final String PATTERN = "pattern";
  private static final Pattern NAMES = Pattern.compile("[a-z][a-z0-9-]{0,30}");
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> KNOWN =
      Arrays.stream(MaskedValue.Known.values()).map(MaskedValue::kind).toList();
  private static final String EXPECTED =
      "expected one of " + String.join(", ", KNOWN) + ", or {name: ..., pattern: ...}";

  private final AnalysisSettings settings;
  private final Collection<ConfigurationProblem> problems;
  private final Set<String> kinds = new HashSet<>();

  MaskingReader(AnalysisSettings settings, Collection<ConfigurationProblem> problems) {
    this.settings = settings;
    this.problems = problems;
  }

  MaskingPolicy read() {
    boolean unmaskQuotes = settings.get(AnalysisKeys.MASKING_UNMASK_QUOTES, false);
    String region =
        settings.get(AnalysisKeys.MASKING_PHONE_REGION, "").strip().toUpperCase(Locale.ROOT);
    if (!region.isEmpty() && !Masker.knowsRegion(region)) {
      problem(
          settings.origin(AnalysisKeys.MASKING_PHONE_REGION),
          region,
          "expected the code of a country (ISO 3166), such as DE or GB");
      region = "";
    }
    Optional<String> given = settings.get(AnalysisKeys.MASKING_VALUES);
    if (given.isEmpty()) {
      if (settings.isMissing(AnalysisKeys.MASKING_VALUES)) {
        refuseAlone(AnalysisKeys.MASKING_UNMASK_QUOTES);
        refuseAlone(AnalysisKeys.MASKING_PHONE_REGION);
      }
      return MaskingPolicy.NONE;
    }
    List<MaskedValue> values = new ArrayList<>();
    JsonNode list = list(given.get());
    for (int i = 0; i < list.size(); i++) {
      String key = settings.origin(AnalysisKeys.MASKING_VALUES) + "[" + i + "]";
      value(key, list.get(i)).filter(value -> isNew(key, value)).ifPresent(values::add);
    }
    return new MaskingPolicy(values, region, unmaskQuotes);
  }

  /** An option can't hold a list, but names with commas between. */
  private JsonNode list(String given) {
    if (given.startsWith("[")) {
      try {
        return JSON.readTree(given);
      } catch (JsonProcessingException e) {
        problem(settings.origin(AnalysisKeys.MASKING_VALUES), given, "not a list; " + EXPECTED);
        return JsonNodeFactory.instance.arrayNode();
      }
    }
    ArrayNode names = JsonNodeFactory.instance.arrayNode();
    Arrays.stream(given.split(",")).map(String::strip).forEach(names::add);
    return names;
  }

  private Optional<MaskedValue> value(String key, JsonNode node) {
    if (node.isTextual()) {
      return known(key, node.textValue());
    }
    if (node.isObject() && node.path(NAME).isTextual() && node.path(PATTERN).isTextual()) {
      node.fieldNames()
          .forEachRemaining(
              field -> {
                if (!field.equals(NAME) && !field.equals(PATTERN)) {
                  problem(key + "." + field, "", "unknown key; known here: name, pattern");
                }
              });
      return custom(key, node.path(NAME).textValue(), node.path(PATTERN).textValue());
    }
    problem(key, "", EXPECTED);
    return Optional.empty();
  }

  private Optional<MaskedValue> known(String key, String name) {
    Optional<MaskedValue> known =
        Arrays.<MaskedValue>stream(MaskedValue.Known.values())
            .filter(value -> value.kind().equals(name))
            .findFirst();
    if (known.isEmpty()) {
      problem(key, name, NearestName.hint(name, KNOWN, EXPECTED));
    }
    return known;
  }

  private Optional<MaskedValue> custom(String key, String name, String pattern) {
    if (!NAMES.matcher(name).matches() || KNOWN.contains(name)) {
      problem(
          key + "." + NAME,
          name,
          "expected lower-case letters, digits and hyphens, a letter first, 31 characters at most,"
              + " and none of "
              + String.join(", ", KNOWN));
      return Optional.empty();
    }
    MaskedValue.Custom value = new MaskedValue.Custom(name, pattern);
    Optional<String> wrong = Masker.problem(value);
    wrong.ifPresent(problem -> problem(key + "." + PATTERN, pattern, problem));
    return wrong.isPresent() ? Optional.empty() : Optional.of(value);
  }

  private boolean isNew(String key, MaskedValue value) {
    boolean isNew = kinds.add(value.kind());
    if (!isNew) {
      problem(key, value.kind(), "is on the list already; name each kind once");
    }
    return isNew;
  }

  private void refuseAlone(AnalysisKey<?> key) {
    settings
        .given(key)
        .ifPresent(
            value ->
                problem(
                    settings.origin(key),
                    value,
                    "has no effect without %s; name what is masked, or remove it"
                        .formatted(AnalysisKeys.MASKING_VALUES.name())));
  }

  private void problem(String key, String value, String remedy) {
    problems.add(new ConfigurationProblem(key, value, remedy));
  }
}
