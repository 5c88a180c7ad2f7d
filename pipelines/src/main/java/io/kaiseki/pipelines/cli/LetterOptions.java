package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.NearestName;
import io.kaiseki.pipelines.deadletters.LetterFilter;
import io.kaiseki.pipelines.deadletters.Since;
import io.kaiseki.schemas.DeadLetterReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which dead letters are meant. */
final class LetterOptions {

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      split = ",",
      description = "Only letters of this reason, such as DEADLINE. May be repeated.")
  private List<String> reasons = new ArrayList<>();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only documents given up since then: 24h, 2026-01-31 or 2026-01-31T08:00:00Z.")
  private @Nullable String since;

  /** What they say; problems are noted. */
  LetterFilter filter(
      Optional<String> analysis, Instant now, Collection<ConfigurationProblem> problems) {
    Set<DeadLetterReason> wanted = EnumSet.noneOf(DeadLetterReason.class);
    for (String reason : reasons) {
      reason(reason)
          .ifPresentOrElse(
              wanted::add,
              () -> problems.add(new ConfigurationProblem("--reason", reason, remedy(reason))));
    }
    Optional<Instant> earliest = Optional.ofNullable(since).flatMap(text -> Since.read(text, now));
    if (since != null && earliest.isEmpty()) {
      problems.add(new ConfigurationProblem("--since", since, "expected " + Since.EXPECTED));
    }
    return new LetterFilter(analysis, wanted, earliest);
  }

  private static Optional<DeadLetterReason> reason(String word) {
    String name = normalised(word);
    return Arrays.stream(DeadLetterReason.values())
        .filter(reason -> reason.name().equals(name))
        .findFirst();
  }

  private static String remedy(String word) {
    List<String> names = Arrays.stream(DeadLetterReason.values()).map(Enum::name).toList();
    return NearestName.of(normalised(word), names)
            .map(nearest -> "did you mean " + nearest + "? ")
            .orElse("")
        + "expected one of "
        + String.join(", ", names);
  }

  private static String normalised(String word) {
    return word.strip().toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
