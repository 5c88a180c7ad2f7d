package io.kaiseki.pipelines.config;

import io.kaiseki.pipelines.config.JobKeys.JobKey;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.Secret;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads {@link DeskSettings} out of settings by key and notes every problem on the way. */
public final class DeskSettingsReader {

  private static final JobKey<String> DOCUMENTS = topic("topics.documents");
  private static final JobKey<String> RESULTS = topic("topics.results");
  private static final JobKey<String> DEAD_LETTERS = topic("topics.dead-letters");

  /** Sections in which every key must be known; others belong to jobs and models. */
  private static final List<String> OWN_SECTIONS = List.of("desk.", "topics.", "registry.");

  private static final Pattern ADDRESS =
      Pattern.compile("(?:[^\\s,:/]+|\\[[0-9a-fA-F:]+]):[1-9][0-9]{0,4}");

  private static final int SHORTEST_TOKEN = 16;

  private final Map<String, Setting> settings;
  private final Collection<ConfigurationProblem> problems;
  private final JobSettingsReader reader;

  /**
   * @param settings settings by key, those of the analysis among them
   * @param problems takes what is wrong
   */
  public DeskSettingsReader(
      Map<String, Setting> settings, Collection<ConfigurationProblem> problems) {
    this.settings = settings;
    this.problems = problems;
    this.reader = new JobSettingsReader(settings, problems);
  }

  /** All keys that a desk reads, for variables of the environment. */
  public static List<String> keys() {
    return Stream.concat(
            Stream.concat(JobKeys.all().stream(), DeskKeys.all().stream()),
            Stream.of(DOCUMENTS, RESULTS, DEAD_LETTERS))
        .map(JobKey::name)
        .toList();
  }

  /**
   * Reads the settings.
   *
   * @param analysis name of the analysis
   * @return empty exactly if there are problems
   */
  public Optional<DeskSettings> read(String analysis) {
    int before = problems.size();
    refuseUnknown();
    Optional<KafkaSettings> kafka = reader.kafka();
    Optional<RegistrySettings> registry = reader.registry();
    Optional<String> documents = reader.find(DOCUMENTS);
    Optional<String> results = reader.find(RESULTS);
    Optional<String> deadLetters = reader.find(DEAD_LETTERS);
    int beforeReach = problems.size();
    String host = reader.get(DeskKeys.HOST);
    Optional<String> token = reader.find(DeskKeys.TOKEN);
    Optional<String> advertised = reader.find(DeskKeys.ADVERTISED);
    // One that can't be read is a problem already, and is not missing besides.
    if (problems.size() == beforeReach) {
      checkReach(host, token, advertised);
    }
    String name = reader.find(DeskKeys.NAME).orElse("kaiseki-desk-" + analysis);
    Path state = Path.of(reader.get(DeskKeys.STATE)).toAbsolutePath().normalize();
    int port = reader.get(DeskKeys.PORT);
    Duration retention = reader.get(DeskKeys.RETENTION);
    double unsure = reader.get(DeskKeys.UNSURE);
    Optional<String> feedback = reader.find(DeskKeys.FEEDBACK);
    Optional<String> badRecords = reader.find(DeskKeys.BAD_RECORDS);
    if (problems.size() > before) {
      return Optional.empty();
    }
    String from = results.orElseThrow();
    return Optional.of(
        new DeskSettings(
            analysis,
            name,
            kafka.orElseThrow(),
            registry.orElseThrow(),
            documents.orElseThrow(),
            from,
            deadLetters.orElseThrow(),
            feedback.orElse(DeskKeys.feedbackTopic(from)),
            badRecords.orElse(DeskKeys.badRecordsTopic(from)),
            host,
            port,
            advertised,
            token.map(Secret::of),
            state,
            retention,
            unsure));
  }

  private void checkReach(String host, Optional<String> token, Optional<String> advertised) {
    try {
      InetAddress address = InetAddress.getByName(host);
      if (!address.isLoopbackAddress() && token.isEmpty()) {
        problems.add(
            new ConfigurationProblem(
                DeskKeys.HOST.name(),
                host,
                "others than this machine could read every document; set desk.token, such as"
                    + " ${file:/run/secrets/desk}, or listen on 127.0.0.1"));
      }
      if (address.isAnyLocalAddress() && advertised.isEmpty()) {
        problems.add(
            new ConfigurationProblem(
                DeskKeys.ADVERTISED.name(),
                "",
                "missing; with desk.host = "
                    + host
                    + " say under which host:port others reach it"));
      }
    } catch (UnknownHostException e) {
      problems.add(
          new ConfigurationProblem(
              DeskKeys.HOST.name(), host, "expected an address or a name of this machine"));
    }
    token
        .filter(given -> given.length() < SHORTEST_TOKEN)
        .ifPresent(
            given ->
                problems.add(
                    new ConfigurationProblem(
                        DeskKeys.TOKEN.name(),
                        Secrets.REDACTED,
                        "expected " + SHORTEST_TOKEN + " characters or more")));
    advertised
        .filter(given -> !ADDRESS.matcher(given).matches())
        .ifPresent(
            given ->
                problems.add(
                    new ConfigurationProblem(
                        DeskKeys.ADVERTISED.name(), given, "expected host:port")));
  }

  private void refuseUnknown() {
    Set<String> known = new TreeSet<>(keys());
    settings.forEach(
        (key, setting) -> {
          if (!known.contains(key) && OWN_SECTIONS.stream().anyMatch(key::startsWith)) {
            problems.add(
                new ConfigurationProblem(
                    setting.origin(),
                    setting.shown(),
                    "unknown key; " + NearestName.hint(key, known, "remove it")));
          }
        });
  }

  private static JobKey<String> topic(String name) {
    return new JobKey<>(name, ValueForm.topic(), true, null, "Topic of the analysis.");
  }
}
