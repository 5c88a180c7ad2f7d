package io.kaiseki.inference.sql;

import io.kaiseki.inference.MaskedValue;
import io.kaiseki.inference.MaskingPolicy;
import io.kaiseki.inference.privacy.Masker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** Reads what a model masks. */
final class MaskingOptions {

  private MaskingOptions() {}

  static MaskingPolicy read(OptionReader options, List<String> problems) {
    List<String> kinds = Objects.requireNonNull(options.get(SqlModelOptions.MASKING_VALUES));
    if (kinds.isEmpty()) {
      options.noEffect(
          "without '%s'; name there what is masked, or remove it"
              .formatted(SqlModelOptions.MASKING_VALUES.key()),
          SqlModelOptions.MASKING_PHONE_REGION,
          SqlModelOptions.MASKING_UNMASK_QUOTES);
    }
    return new MaskingPolicy(
        values(kinds, problems),
        phoneRegion(options, problems),
        Objects.requireNonNull(options.get(SqlModelOptions.MASKING_UNMASK_QUOTES)));
  }

  private static List<MaskedValue> values(List<String> kinds, List<String> problems) {
    List<MaskedValue> values = new ArrayList<>();
    for (String kind : kinds) {
      Arrays.stream(MaskedValue.Known.values())
          .filter(known -> known.kind().equals(kind.strip()))
          .findFirst()
          .ifPresentOrElse(
              values::add,
              () ->
                  problems.add(
                      "'%s' holds '%s'; possible are %s"
                          .formatted(
                              SqlModelOptions.MASKING_VALUES.key(),
                              kind,
                              Arrays.stream(MaskedValue.Known.values())
                                  .map(MaskedValue::kind)
                                  .collect(Collectors.joining(", ")))));
    }
    return values;
  }

  private static String phoneRegion(OptionReader options, List<String> problems) {
    String given = Objects.requireNonNull(options.get(SqlModelOptions.MASKING_PHONE_REGION));
    String region = given.strip().toUpperCase(Locale.ROOT);
    if (!region.isEmpty() && !Masker.knowsRegion(region)) {
      problems.add(
          "'%s' is '%s'; expected the two letters of a country, such as DE or US"
              .formatted(SqlModelOptions.MASKING_PHONE_REGION.key(), given));
      return "";
    }
    return region;
  }
}
