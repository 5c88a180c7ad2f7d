package io.kaiseki.pipelines.bench.report;

import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.llamacpp.ModelRates;
import io.kaiseki.pipelines.bench.arm.ArmKind;
import io.kaiseki.pipelines.bench.arm.Pass;
import io.kaiseki.pipelines.bench.arm.Sizing;
import io.kaiseki.pipelines.bench.arm.TokenTotals;
import io.kaiseki.pipelines.bench.workload.Workload;
import io.kaiseki.pipelines.statistics.Spread;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a bench has measured.
 *
 * @param rates the machine's own rates, measured before each round and after the last
 * @param ratesFailure why one of these measurements is missing; empty if none is
 * @param arms what was compared, in the order of the plan
 * @param cold whether no arm had read the instructions before the clock started
 * @param stopped whether it was ended early
 */
public record BenchReport(
    LlamaCppSettings settings,
    Workload workload,
    Sizing sizing,
    List<ModelRates> rates,
    Optional<String> ratesFailure,
    List<ArmMeasurement> arms,
    boolean cold,
    boolean stopped) {

  /** What the ceiling counts, in words. */
  public static final String CEILING =
      "The ceiling is what this machine's own rates, measured before every round and after the last,"
          + " allow for the same tokens: documents and forced tokens at the rate of full batches with nothing in front"
          + " of them, sampled tokens at that of so many sequences decoding side by side behind"
          + " instructions and the document of median length, also those that the engine drafts and"
          + " so may have for less. Instructions cost it nothing, nor do tokenizing, constraints, Flink"
          + " and Kafka. Its rates are those of the engine's own library.";

  /** Arms that take other tokens for the same answers, which the ceiling is not drawn for. */
  private static final Set<ArmKind> OTHER_TOKENS =
      EnumSet.of(ArmKind.OPENAI, ArmKind.ENGINE_ARRAY, ArmKind.ENGINE_WITHOUT_CONFIDENCE);

  public BenchReport {
    rates = List.copyOf(rates);
    arms = List.copyOf(arms);
  }

  /**
   * One arm with one number of slots.
   *
   * @param rate documents a second; empty without a pass
   * @param ceiling documents a second that the machine's own rates would allow; empty where they do
   *     not apply or tokens were never counted
   * @param toBestLlamaModel the median as a multiple of the best of {@code llama-model}
   * @param equality answers compared with those of {@link #reference()}; empty for that itself
   */
  public record Row(
      ArmMeasurement arm,
      Optional<Spread> rate,
      Optional<Double> ceiling,
      Optional<Double> toBestLlamaModel,
      Optional<Equality> equality) {

    /** How much of the ceiling is reached. */
    public Optional<Double> share() {
      return rate.flatMap(spread -> ceiling.map(most -> spread.median() / most));
    }
  }

  /** Whether everything was measured that should be. */
  public boolean whole() {
    return !stopped
        && ratesFailure.isEmpty()
        && arms.stream().allMatch(arm -> arm.failure().isEmpty() && !arm.passes().isEmpty());
  }

  /** A row for each arm and number of slots. */
  public List<Row> rows() {
    Optional<Double> best =
        arms.stream()
            .filter(arm -> arm.kind() == ArmKind.LLAMA_MODEL)
            .flatMap(arm -> rate(arm).stream())
            .map(Spread::median)
            .max(Comparator.naturalOrder());
    return arms.stream()
        .map(
            arm ->
                new Row(
                    arm,
                    rate(arm),
                    ceiling(arm),
                    rate(arm).flatMap(rate -> best.map(most -> rate.median() / most)),
                    equality(arm)))
        .toList();
  }

  /** The arm whose answers the others are compared with: the engine with the fewest slots. */
  public Optional<ArmMeasurement> reference() {
    return Stream.concat(arms.stream().filter(arm -> arm.kind() == ArmKind.ENGINE), arms.stream())
        .filter(arm -> !arm.passes().isEmpty())
        .findFirst();
  }

  /** The medians of the machine's own rates; empty if it was stopped before there were any. */
  public Optional<ModelRates> medianRates() {
    if (rates.isEmpty()) {
      return Optional.empty();
    }
    NavigableMap<Integer, Double> decode = new TreeMap<>();
    for (int width : rates.get(0).decode().keySet()) {
      decode.put(
          width, Spread.of(rates.stream().map(rate -> rate.decode(width)).toList()).median());
    }
    return Optional.of(
        new ModelRates(median(ModelRates::prefill), median(ModelRates::prefillBehind), decode));
  }

  private double median(Function<ModelRates, Double> rate) {
    return Spread.of(rates.stream().map(rate).toList()).median();
  }

  /** Documents a second that the machine's own rates would allow, for each number of slots. */
  public NavigableMap<Integer, Double> ceilings() {
    NavigableMap<Integer, Double> ceilings = new TreeMap<>();
    arms.stream()
        .filter(arm -> !OTHER_TOKENS.contains(arm.kind()))
        .forEach(arm -> ceiling(arm).ifPresent(rate -> ceilings.put(arm.slots(), rate)));
    return ceilings;
  }

  /** Tokens of a pass, of the reference where it has counted them; empty if no arm has. */
  public Optional<TokenTotals> tokens() {
    List<ArmMeasurement> counted = new ArrayList<>();
    reference().ifPresent(counted::add);
    counted.addAll(arms);
    return counted.stream().flatMap(arm -> tokens(arm).stream()).findFirst();
  }

  private static Optional<TokenTotals> tokens(ArmMeasurement arm) {
    return arm.passes().stream().findFirst().flatMap(Pass::tokens);
  }

  private static Optional<Spread> rate(ArmMeasurement arm) {
    return arm.passes().isEmpty()
        ? Optional.empty()
        : Optional.of(Spread.of(arm.passes().stream().map(Pass::rate).toList()));
  }

  private Optional<Double> ceiling(ArmMeasurement arm) {
    if (arm.kind() == ArmKind.OPENAI) {
      // Its model may run on another machine.
      return Optional.empty();
    }
    return medianRates()
        .flatMap(
            machine ->
                tokens(arm)
                    .or(this::tokens)
                    .map(counted -> ceiling(machine, arm.slots(), counted)));
  }

  private static double ceiling(ModelRates machine, int slots, TokenTotals tokens) {
    double seconds =
        (tokens.read() + tokens.forced()) / machine.prefill()
            + (tokens.sampled() + tokens.reasoned()) / machine.decode(slots);
    return tokens.documents() / seconds;
  }

  private Optional<Equality> equality(ArmMeasurement arm) {
    return reference()
        .filter(first -> !first.equals(arm) && !arm.passes().isEmpty())
        .map(
            first ->
                Equality.of(
                    workload.analysis().contract().type(),
                    first.passes().get(0).answers(),
                    arm.passes().get(0).answers()));
  }
}
