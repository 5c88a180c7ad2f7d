package io.kaiseki.pipelines.analysis;

import io.kaiseki.inference.LongDocuments;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.AnswerLayout;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.contract.UnsupportedSchemaException;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.routing.Route;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * Reads one analysis. Every step notes what is wrong and goes on with a stand-in for the bad value,
 * so that one run reports all problems; only at the end does it refuse.
 */
final class AnalysisReader {

  private final AnalysisFolder folder;
  private final AnalysisOverrides overrides;
  private final ModelNeed modelNeed;

  /** A set, since a value that is read twice is wrong only once. */
  private final Set<ConfigurationProblem> problems = new LinkedHashSet<>();

  AnalysisReader(AnalysisFolder folder, AnalysisOverrides overrides, ModelNeed modelNeed) {
    this.folder = folder;
    this.overrides = overrides;
    this.modelNeed = modelNeed;
  }

  AnalysisDefinition read() {
    Optional<SettingsFile> file =
        bytes(AnalysisFolder.SETTINGS, "the topics of the analysis at least")
            .map(SettingsFile::parse);
    file.ifPresent(parsed -> problems.addAll(parsed.problems()));
    Optional<SettingsFile> calibration = calibration();
    AnalysisSettings settings =
        new AnalysisSettings(file.orElse(null), calibration.orElse(null), overrides, problems);

    String name = name(settings);
    String title = settings.get(AnalysisKeys.TITLE, name);
    String description = settings.get(AnalysisKeys.DESCRIPTION, "");
    AnalysisTopics topics = topics(settings);
    ModelSettings model = model(settings);
    ReasoningPolicy reasoning = reasoning(settings);
    AnalysisLimits limits = limits(settings);
    DocumentHandling handling = handling(settings);
    boolean ordered = settings.get(AnalysisKeys.ORDERED, false);
    String instructions = instructions();
    Optional<Contract> contract = contract(layout(settings));
    List<Route> routes =
        file.flatMap(SettingsFile::routes)
            .map(section -> new RoutesSection(topics, contract, problems).read(section))
            .orElse(List.of());

    ConfigurationException.throwIfAny(problems);
    return new AnalysisDefinition(
        name,
        title,
        description,
        instructions,
        contract.orElseThrow(),
        topics,
        model,
        reasoning,
        limits,
        handling,
        ordered,
        routes);
  }

  private String name(AnalysisSettings settings) {
    if (settings.given(AnalysisKeys.NAME).isPresent()) {
      return settings.get(AnalysisKeys.NAME, "");
    }
    String name = folder.name();
    if (AnalysisKeys.NAME.form().read(name).isEmpty()) {
      problem(
          AnalysisKeys.NAME.name(),
          name,
          "the folder's name can't be the analysis's; set name to "
              + AnalysisKeys.NAME.form().expected());
    }
    return name;
  }

  private AnalysisTopics topics(AnalysisSettings settings) {
    List<AnalysisKey<String>> keys =
        List.of(
            AnalysisKeys.TOPIC_DOCUMENTS,
            AnalysisKeys.TOPIC_RESULTS,
            AnalysisKeys.TOPIC_DEAD_LETTERS);
    List<String> topics = keys.stream().map(key -> settings.get(key, "")).toList();
    for (int i = 1; i < topics.size(); i++) {
      int earlier = topics.indexOf(topics.get(i));
      if (earlier < i && !topics.get(i).isEmpty()) {
        problem(
            settings.origin(keys.get(i)),
            topics.get(i),
            "is also " + settings.origin(keys.get(earlier)) + "; name three different topics");
      }
    }
    return new AnalysisTopics(topics.get(0), topics.get(1), topics.get(2));
  }

  private ModelSettings model(AnalysisSettings settings) {
    int contextTokens = settings.get(AnalysisKeys.MODEL_CONTEXT_TOKENS, 0);
    int batchTokens = settings.get(AnalysisKeys.MODEL_BATCH_TOKENS, 0);
    if (contextTokens > 0 && batchTokens > contextTokens) {
      problem(
          settings.origin(AnalysisKeys.MODEL_BATCH_TOKENS),
          String.valueOf(batchTokens),
          "is more than %s = %d; make the batch smaller or the context larger"
              .formatted(settings.origin(AnalysisKeys.MODEL_CONTEXT_TOKENS), contextTokens));
    }
    boolean remote = settings.given(AnalysisKeys.MODEL_ENDPOINT).isPresent();
    boolean needed = modelNeed == ModelNeed.REQUIRED || modelNeed == ModelNeed.ELSEWHERE;
    if (needed && settings.isMissing(AnalysisKeys.MODEL_FILE) && !remote) {
      problems.add(AnalysisDefinition.noModelFile());
    }
    Optional<Path> file = existingFile(settings, AnalysisKeys.MODEL_FILE);
    int slots = settings.get(AnalysisKeys.MODEL_SLOTS, 0);
    RemoteModelReader servers = new RemoteModelReader(settings, modelNeed, problems);
    if (remote) {
      refuseMeasured(settings);
    }
    return new ModelSettings(
        file,
        settings.get(AnalysisKeys.MODEL_SHA256, ""),
        slots,
        contextTokens,
        batchTokens,
        settings.get(AnalysisKeys.MODEL_THREADS, 0),
        library(settings),
        settings.get(AnalysisKeys.MODEL_ANSWER_CACHE, 0),
        servers.model(slots),
        servers.cascade());
  }

  /** How long a document may be is known of a model on this machine only. */
  private void refuseMeasured(AnalysisSettings settings) {
    String given = settings.get(AnalysisKeys.LONG_DOCUMENTS, AnalysisKeys.LONG_REFUSE);
    if (!given.equals(AnalysisKeys.LONG_REFUSE)) {
      problem(
          settings.origin(AnalysisKeys.LONG_DOCUMENTS),
          given,
          "needs a model on this machine, which tells how long a document may be; use "
              + AnalysisKeys.LONG_REFUSE
              + " together with "
              + settings.origin(AnalysisKeys.MODEL_ENDPOINT));
    }
  }

  /** A name stands for itself; anything else is the path of a file. */
  private String library(AnalysisSettings settings) {
    String given = settings.get(AnalysisKeys.MODEL_LIBRARY, "");
    return LlamaCppSettings.isLibraryName(given)
        ? given
        : existingFile(settings, AnalysisKeys.MODEL_LIBRARY).map(Path::toString).orElse("");
  }

  private ReasoningPolicy reasoning(AnalysisSettings settings) {
    String policy = settings.get(AnalysisKeys.REASONING_POLICY).orElse(AnalysisKeys.REASONING_OFF);
    boolean unsure = policy.equals(AnalysisKeys.REASONING_WHEN_UNSURE);
    boolean thinks = unsure || policy.equals(AnalysisKeys.REASONING_ALWAYS);
    if (settings.lacksMeasured(AnalysisKeys.REASONING_POLICY)) {
      problem(
          settings.origin(AnalysisKeys.REASONING_POLICY),
          "",
          "missing; expected "
              + AnalysisKeys.REASONING_POLICY.form().expected()
              + ". Or delete the file, and analysis.yaml decides");
    }
    // A policy that can't be read says nothing about what it needs.
    if (settings.get(AnalysisKeys.REASONING_POLICY).isPresent()) {
      requireWith(settings, policy, AnalysisKeys.REASONING_BUDGET, thinks);
      requireWith(settings, policy, AnalysisKeys.REASONING_THRESHOLD, unsure);
    }
    Optional<Integer> budget = settings.get(AnalysisKeys.REASONING_BUDGET);
    Optional<Double> threshold = settings.get(AnalysisKeys.REASONING_THRESHOLD);
    if (!thinks || budget.isEmpty() || unsure && threshold.isEmpty()) {
      return ReasoningPolicy.OFF;
    }
    return unsure
        ? new ReasoningPolicy.WhenUnsure(threshold.get(), budget.get())
        : new ReasoningPolicy.Always(budget.get());
  }

  /**
   * A setting must be given where the policy uses it, and must not where it has no effect. An
   * option can't take a setting out of a file: where the policy is one, what the file's policy used
   * stays behind, and is no mistake.
   */
  private void requireWith(
      AnalysisSettings settings, String policy, AnalysisKey<?> key, boolean used) {
    Optional<String> given = settings.given(key);
    if (used && settings.isMissing(key)) {
      problem(key.name(), "", "missing; the policy " + policy + " needs " + key.form().expected());
    }
    boolean leftBehind =
        settings.isOverride(AnalysisKeys.REASONING_POLICY) && !settings.isOverride(key);
    if (!used && given.isPresent() && !leftBehind) {
      problem(
          settings.origin(key),
          given.get(),
          "has no effect while %s = %s; remove it or set another policy"
              .formatted(settings.origin(AnalysisKeys.REASONING_POLICY), policy));
    }
  }

  private AnalysisLimits limits(AnalysisSettings settings) {
    return new AnalysisLimits(
        settings.get(AnalysisKeys.LIMIT_DEADLINE, Duration.ZERO),
        settings
            .get(AnalysisKeys.LIMIT_DOCUMENT_CHARACTERS)
            .map(OptionalInt::of)
            .orElseGet(OptionalInt::empty));
  }

  private DocumentHandling handling(AnalysisSettings settings) {
    String longDocuments = settings.get(AnalysisKeys.LONG_DOCUMENTS, AnalysisKeys.LONG_REFUSE);
    return new DocumentHandling(
        switch (longDocuments) {
          case AnalysisKeys.LONG_SPLIT -> LongDocuments.SPLIT;
          case AnalysisKeys.LONG_TRUNCATE -> LongDocuments.TRUNCATE;
          default -> LongDocuments.REFUSE;
        },
        new MaskingReader(settings, problems).read(),
        !settings
            .get(AnalysisKeys.REASONING_OUTPUT, AnalysisKeys.REASONING_KEEP)
            .equals(AnalysisKeys.REASONING_DROP));
  }

  private String instructions() {
    String instructions =
        text(AnalysisFolder.INSTRUCTIONS, "what the model shall do with a document")
            .map(AnalysisReader::normalised)
            .orElse("");
    boolean readable =
        problems.stream().noneMatch(known -> known.key().equals(AnalysisFolder.INSTRUCTIONS));
    if (instructions.isEmpty() && readable) {
      problem(
          AnalysisFolder.INSTRUCTIONS, "", "empty; say what the model shall do with a document");
    }
    return instructions;
  }

  private static AnswerLayout layout(AnalysisSettings settings) {
    return settings
            .get(AnalysisKeys.ANSWER_LAYOUT, AnalysisKeys.LAYOUT_OBJECT)
            .equals(AnalysisKeys.LAYOUT_ARRAY)
        ? AnswerLayout.ARRAY
        : AnswerLayout.OBJECT;
  }

  private Optional<Contract> contract(AnswerLayout layout) {
    Optional<String> json =
        text(AnalysisFolder.RESULT_SCHEMA, "an Avro record schema for the results");
    try {
      return json.map(schema -> Contract.of(new Schema.Parser().parse(schema), layout));
    } catch (UnsupportedSchemaException e) {
      e.problems().forEach(problem -> problem(AnalysisFolder.RESULT_SCHEMA, "", problem));
    } catch (AvroRuntimeException e) {
      problem(AnalysisFolder.RESULT_SCHEMA, "", "not an Avro schema: " + firstLine(e));
    }
    return Optional.empty();
  }

  private Optional<Path> existingFile(AnalysisSettings settings, AnalysisKey<String> key) {
    if (modelNeed == ModelNeed.NONE) {
      return Optional.empty();
    }
    Optional<String> given = settings.get(key);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    // An option is typed in the working directory; a file's setting is written beside the file.
    boolean isOption = settings.isOverride(key);
    try {
      Path path = Path.of(given.get());
      List<Path> candidates =
          Stream.concat(
                  (isOption ? Optional.<Path>empty() : folder.directory()).stream(),
                  Stream.of(Path.of("")))
              .map(base -> base.resolve(path).toAbsolutePath().normalize())
              .distinct()
              .toList();
      Optional<Path> found = candidates.stream().filter(Files::isRegularFile).findFirst();
      if (found.isEmpty() && modelNeed == ModelNeed.ELSEWHERE) {
        return elsewhere(settings, key, path);
      } else if (found.isEmpty()) {
        problem(
            settings.origin(key),
            given.get(),
            "no such file; looked for "
                + candidates.stream().map(Path::toString).collect(Collectors.joining(" and ")));
      } else if (!Files.isReadable(found.get())) {
        problem(settings.origin(key), given.get(), "not readable by this user");
      }
      return found;
    } catch (InvalidPathException e) {
      problem(settings.origin(key), given.get(), "not a path: " + e.getReason());
      return Optional.empty();
    }
  }

  private Optional<Path> elsewhere(
      AnalysisSettings settings, AnalysisKey<String> key, Path notHere) {
    if (!notHere.isAbsolute()) {
      problem(
          settings.origin(key),
          notHere.toString(),
          "not on this machine; name it by the absolute path that it has on the machines of the"
              + " cluster");
    }
    return Optional.of(notHere);
  }

  private Optional<SettingsFile> calibration() {
    try {
      Optional<SettingsFile> calibration =
          folder.read(AnalysisFolder.CALIBRATION).map(SettingsFile::parseCalibration);
      calibration.ifPresent(parsed -> problems.addAll(parsed.problems()));
      return calibration;
    } catch (IOException e) {
      problem(AnalysisFolder.CALIBRATION, "", "can't be read: " + e);
      return Optional.empty();
    }
  }

  private Optional<byte[]> bytes(String file, String content) {
    try {
      Optional<byte[]> bytes = folder.read(file);
      if (bytes.isEmpty()) {
        problem(file, "", "missing in the folder of the analysis; it holds " + content);
      }
      return bytes;
    } catch (IOException e) {
      problem(file, "", "can't be read: " + e);
      return Optional.empty();
    }
  }

  private Optional<String> text(String file, String content) {
    return bytes(file, content)
        .flatMap(
            bytes -> {
              try {
                return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
              } catch (CharacterCodingException e) {
                problem(file, "", "not UTF-8; save it as UTF-8");
                return Optional.empty();
              }
            });
  }

  private void problem(String key, String value, String remedy) {
    problems.add(new ConfigurationProblem(key, value, remedy));
  }

  /**
   * The text that the model sees and that the version hashes: without a byte order mark, carriage
   * returns, blanks at line ends and blank lines at either end, none of which an editor shows.
   */
  private static String normalised(String text) {
    String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return withoutMark.lines().map(String::stripTrailing).collect(Collectors.joining("\n")).strip();
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
