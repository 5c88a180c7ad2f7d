package io.kaiseki.pipelines.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.inference.openai.ApiKey;
import io.kaiseki.inference.openai.OpenAiSettings;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.References;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads which servers an analysis asks, and notes every problem with that. */
final class RemoteModelReader {

  private static final JsonMapper JSON = new JsonMapper();

  private final AnalysisSettings settings;
  private final ModelNeed modelNeed;
  private final Collection<ConfigurationProblem> problems;

  RemoteModelReader(
      AnalysisSettings settings, ModelNeed modelNeed, Collection<ConfigurationProblem> problems) {
    this.settings = settings;
    this.modelNeed = modelNeed;
    this.problems = problems;
  }

  /**
   * The model in place of a file; empty where there is none, or something is wrong with it. What
   * says how a file is run means nothing to servers, and is left alone: an analysis may be run
   * either way. Two in one place contradict each other; of one in the file and one as an option,
   * the settings show only the option.
   */
  Optional<OpenAiSettings> model(int slots) {
    AnalysisKey<String> endpoint = AnalysisKeys.MODEL_ENDPOINT;
    Optional<String> file = settings.given(AnalysisKeys.MODEL_FILE);
    if (settings.given(endpoint).isPresent() && file.isPresent()) {
      problem(
          settings.origin(AnalysisKeys.MODEL_FILE),
          file.get(),
          "can't be used together with " + settings.origin(endpoint) + "; remove one of them");
    }
    return read(AnalysisKeys.MODEL_REMOTE, slots, List.of());
  }

  /** The second model, for what the first is unsure of. */
  Optional<CascadeSettings> cascade() {
    Optional<Double> threshold = settings.get(AnalysisKeys.CASCADE_THRESHOLD);
    int slots = settings.get(AnalysisKeys.CASCADE_SLOTS, OpenAiSettings.DEFAULT_SLOTS);
    RemoteKeys keys = AnalysisKeys.CASCADE_REMOTE;
    Optional<OpenAiSettings> remote =
        read(keys, slots, List.of(AnalysisKeys.CASCADE_THRESHOLD, AnalysisKeys.CASCADE_SLOTS));
    if (settings.given(keys.endpoint()).isPresent()
        && settings.isMissing(AnalysisKeys.CASCADE_THRESHOLD)) {
      problem(
          AnalysisKeys.CASCADE_THRESHOLD.name(),
          "",
          "missing; expected " + AnalysisKeys.CASCADE_THRESHOLD.form().expected());
    }
    return remote.flatMap(of -> threshold.map(under -> new CascadeSettings(of, under)));
  }

  private Optional<OpenAiSettings> read(
      RemoteKeys keys, int slots, List<AnalysisKey<?>> moreThatNeedIt) {
    Optional<String> given = settings.get(keys.endpoint());
    if (given.isEmpty()) {
      if (settings.isMissing(keys.endpoint())) {
        List<AnalysisKey<?>> alone = new ArrayList<>(keys.others());
        alone.addAll(moreThatNeedIt);
        alone.forEach(key -> refuseAlone(key, keys.endpoint()));
      }
      return Optional.empty();
    }
    int before = problems.size();
    List<URI> endpoints = endpoints(keys.endpoint(), given.get());
    String name = settings.get(keys.name(), "");
    if (settings.isMissing(keys.name())) {
      problem(keys.name().name(), "", "missing; name the model as the servers call it");
    }
    ApiKey key = key(keys.apiKey());
    int maxTokens = settings.get(keys.maxTokens(), 0);
    String effort = settings.get(keys.reasoningEffort(), "");
    return problems.size() > before || endpoints.isEmpty() || name.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new OpenAiSettings(endpoints, name, key, Math.max(1, slots), maxTokens, effort));
  }

  private List<URI> endpoints(AnalysisKey<String> key, String given) {
    List<URI> endpoints = new ArrayList<>();
    for (String address : list(given)) {
      Optional<String> wrong = OpenAiSettings.problem(address);
      if (wrong.isPresent()) {
        // What stands before an @ may be a password.
        problem(settings.origin(key), address.contains("@") ? "" : address, wrong.get());
      } else {
        endpoints.add(URI.create(address));
      }
    }
    if (endpoints.isEmpty() && list(given).isEmpty()) {
      problem(settings.origin(key), "", "an empty list; name at least one server");
    }
    return endpoints;
  }

  /** An option can't hold a list, but addresses with commas between. */
  private static List<String> list(String given) {
    if (given.startsWith("[")) {
      try {
        List<String> addresses = new ArrayList<>();
        for (JsonNode address : JSON.readTree(given)) {
          addresses.add(address.asText());
        }
        return addresses;
      } catch (JsonProcessingException e) {
        return List.of(given);
      }
    }
    return Arrays.stream(given.split(",")).map(String::strip).toList();
  }

  /**
   * The key itself never becomes part of a problem. Who needs no model asks no server, and may not
   * have the key.
   */
  private @Nullable ApiKey key(AnalysisKey<String> key) {
    if (modelNeed == ModelNeed.NONE) {
      return null;
    }
    Optional<String> given = settings.get(key);
    if (given.isEmpty()) {
      return null;
    }
    try {
      return ApiKey.of(References.resolve(given.get(), System.getenv()));
    } catch (References.UnresolvedException | IllegalArgumentException e) {
      problem(settings.origin(key), "", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private void refuseAlone(AnalysisKey<?> key, AnalysisKey<?> endpoint) {
    if (settings.given(key).isPresent()) {
      problem(
          settings.origin(key),
          "",
          "has no effect without " + endpoint.name() + "; name a server there, or remove it");
    }
  }

  private void problem(String key, String value, String remedy) {
    problems.add(new ConfigurationProblem(key, value, remedy));
  }
}
