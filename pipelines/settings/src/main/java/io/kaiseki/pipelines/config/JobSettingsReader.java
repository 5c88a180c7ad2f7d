package io.kaiseki.pipelines.config;

import io.kaiseki.pipelines.config.JobKeys.JobKey;
import io.kaiseki.schemas.registry.RegistryCredentials;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.RegistryTls;
import io.kaiseki.schemas.registry.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@link JobSettings} out of settings by key and notes every problem on the way. */
public final class JobSettingsReader {

  private static final Pattern FLINK_ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/");

  private static final Pattern ADDRESS =
      Pattern.compile("[^\\s,:]+:[0-9]{1,5}|\\[[0-9a-fA-F:]+]:[0-9]{1,5}");

  private final Map<String, Setting> settings;
  private final Collection<ConfigurationProblem> problems;

  /**
   * @param settings settings by key
   * @param problems takes what is wrong
   */
  public JobSettingsReader(
      Map<String, Setting> settings, Collection<ConfigurationProblem> problems) {
    this.settings = settings;
    this.problems = problems;
  }

  /**
   * Reads the settings; where something is wrong, what comes back uses defaults in its place and is
   * good for finding further problems only.
   *
   * @param defaultName name of the job where none is set
   * @param otherKeys keys that are read elsewhere, and so are no mistakes
   * @return what could be read
   */
  public Result read(String defaultName, Collection<String> otherKeys) {
    refuseUnknown(otherKeys);
    new TelemetrySettingsReader(settings, problems).read("", "");
    Optional<KafkaSettings> kafka = kafka();
    Optional<RegistrySettings> registry = registry();
    DeliverySettings delivery =
        new DeliverySettings(
            DeliverySettings.Guarantee.named(get(JobKeys.DELIVERY)).orElseThrow(),
            address(get(JobKeys.CHECKPOINTS)),
            get(JobKeys.CHECKPOINT_INTERVAL),
            get(JobKeys.CHECKPOINT_TIMEOUT),
            get(JobKeys.TRANSACTION_TIMEOUT));
    RestartSettings restart = new RestartSettingsReader(this, problems).read();
    checkTransactionTimeout(delivery, restart);
    String name = find(JobKeys.NAME).orElse(defaultName);
    int parallelism = get(JobKeys.PARALLELISM);
    Optional<JobSettings> job =
        kafka.flatMap(
            to ->
                registry.map(at -> new JobSettings(name, to, at, delivery, restart, parallelism)));
    return new Result(kafka, registry, job);
  }

  /**
   * Settings as far as they could be read.
   *
   * @param kafka empty where its address is missing or wrong
   * @param registry empty where its address is missing or wrong
   * @param settings all of them; empty where one of the two is
   */
  public record Result(
      Optional<KafkaSettings> kafka,
      Optional<RegistrySettings> registry,
      Optional<JobSettings> settings) {}

  /** Kafka alone, for commands that need nothing else. */
  public Optional<KafkaSettings> kafka() {
    Map<String, String> client = new HashMap<>();
    settings.forEach(
        (key, setting) -> {
          if (key.startsWith(JobKeys.KAFKA_PREFIX)) {
            String property = key.substring(JobKeys.KAFKA_PREFIX.length());
            if (JobKeys.KAFKA_DECIDED.contains(property)) {
              problem(setting, "decided by the job; remove it");
            } else if (!key.equals(JobKeys.KAFKA_BOOTSTRAP.name())) {
              setting.value(problems).ifPresent(value -> client.put(property, value));
            }
          }
        });
    return find(JobKeys.KAFKA_BOOTSTRAP)
        .filter(this::isAddressList)
        .map(servers -> new KafkaSettings(servers, client));
  }

  /** The registry alone, for commands that need nothing else. */
  public Optional<RegistrySettings> registry() {
    RegistryCredentials credentials = credentials();
    RegistryTls tls = tls();
    return find(JobKeys.REGISTRY_URL)
        .flatMap(
            urls -> {
              try {
                List<String> addresses = List.of(urls.split("\\s*,\\s*", -1));
                RegistrySettings anonymous = RegistrySettings.of(addresses.get(0));
                RegistrySettings all =
                    new RegistrySettings(
                        addresses,
                        credentials,
                        tls,
                        anonymous.connectTimeout(),
                        anonymous.readTimeout());
                return Optional.of(all);
              } catch (IllegalArgumentException e) {
                Setting setting = settings.get(JobKeys.REGISTRY_URL.name());
                problem(setting, String.valueOf(e.getMessage()));
                return Optional.empty();
              }
            });
  }

  private RegistryCredentials credentials() {
    int before = problems.size();
    Optional<String> user = find(JobKeys.REGISTRY_USER);
    Optional<String> password = find(JobKeys.REGISTRY_PASSWORD);
    Optional<String> token = find(JobKeys.REGISTRY_TOKEN);
    if (problems.size() > before) {
      // One that can't be read is a problem already, and is not missing besides.
      return new RegistryCredentials.Anonymous();
    }
    if (token.isPresent() && (user.isPresent() || password.isPresent())) {
      problem(
          settings.get(JobKeys.REGISTRY_TOKEN.name()),
          "given besides registry.user or registry.password; keep one way to authenticate");
    } else if (user.isPresent() != password.isPresent()) {
      JobKey<String> missing = user.isPresent() ? JobKeys.REGISTRY_PASSWORD : JobKeys.REGISTRY_USER;
      problems.add(
          new ConfigurationProblem(
              missing.name(), "", "missing; registry.user and registry.password belong together"));
    } else if (token.isPresent()) {
      return new RegistryCredentials.Bearer(Secret.of(token.get()));
    } else if (user.isPresent() && user.get().indexOf(':') >= 0) {
      problem(settings.get(JobKeys.REGISTRY_USER.name()), "must not hold a colon");
    } else if (user.isPresent() && password.isPresent()) {
      return new RegistryCredentials.Basic(user.get(), Secret.of(password.get()));
    }
    return new RegistryCredentials.Anonymous();
  }

  private @Nullable RegistryTls tls() {
    RegistryTls.Keystore truststore =
        keystore(
            JobKeys.REGISTRY_TRUSTSTORE,
            get(JobKeys.REGISTRY_TRUSTSTORE_TYPE),
            find(JobKeys.REGISTRY_TRUSTSTORE_PASSWORD),
            Optional.empty());
    RegistryTls.Keystore keystore =
        keystore(
            JobKeys.REGISTRY_KEYSTORE,
            get(JobKeys.REGISTRY_KEYSTORE_TYPE),
            find(JobKeys.REGISTRY_KEYSTORE_PASSWORD),
            find(JobKeys.REGISTRY_KEYSTORE_KEY_PASSWORD));
    return truststore == null && keystore == null ? null : new RegistryTls(truststore, keystore);
  }

  private RegistryTls.@Nullable Keystore keystore(
      JobKey<String> key, String type, Optional<String> password, Optional<String> keyPassword) {
    Optional<String> location = find(key);
    if (location.isEmpty()) {
      return null;
    }
    if (!Files.isReadable(Path.of(location.get()))) {
      problem(settings.get(key.name()), "no such file, or not readable by this user");
    }
    return new RegistryTls.Keystore(
        location.get(),
        type,
        password.map(Secret::of).orElse(null),
        keyPassword.map(Secret::of).orElse(null));
  }

  /**
   * A transaction is opened at one checkpoint and committed after the next. A failure may lie in
   * between, with all restarts in a row; if the broker gives the transaction up before the job is
   * back, results that a checkpoint holds for written are gone.
   */
  private void checkTransactionTimeout(DeliverySettings delivery, RestartSettings restart) {
    Duration needed =
        delivery.checkpointInterval().plus(delivery.checkpointTimeout()).plus(restart.longest());
    if (delivery.guarantee() == DeliverySettings.Guarantee.EXACTLY_ONCE
        && delivery.transactionTimeout().compareTo(needed) <= 0) {
      problems.add(
          new ConfigurationProblem(
              origin(JobKeys.TRANSACTION_TIMEOUT),
              ValueForm.show(delivery.transactionTimeout()),
              "must be longer than job.checkpoint-interval ("
                  + ValueForm.show(delivery.checkpointInterval())
                  + ") plus job.checkpoint-timeout ("
                  + ValueForm.show(delivery.checkpointTimeout())
                  + ") plus the longest series of restarts ("
                  + ValueForm.show(restart.longest())
                  + " by job.restart.*), together "
                  + ValueForm.show(needed)));
    }
  }

  /**
   * Notes every setting that nobody reads.
   *
   * @param otherKeys keys that are read elsewhere, and so are no mistakes
   */
  public void refuseUnknown(Collection<String> otherKeys) {
    Set<String> known = new TreeSet<>(otherKeys);
    JobKeys.all().forEach(key -> known.add(key.name()));
    // One file may serve both.
    DeskKeys.all().forEach(key -> known.add(key.name()));
    settings.forEach(
        (key, setting) -> {
          if (!known.contains(key)
              && !key.startsWith(JobKeys.KAFKA_PREFIX)
              && !key.startsWith(JobKeys.OTEL_PREFIX)) {
            problem(setting, "unknown key; " + NearestName.hint(key, known, "remove it"));
          }
        });
  }

  private boolean isAddressList(String servers) {
    for (String address : servers.split(",", -1)) {
      if (!ADDRESS.matcher(address.strip()).matches()) {
        problem(
            settings.get(JobKeys.KAFKA_BOOTSTRAP.name()),
            "expected host:port, or several separated by commas");
        return false;
      }
    }
    return true;
  }

  /** A plain path becomes an address; Flink takes addresses of any file system it knows. */
  private static String address(String directory) {
    return FLINK_ADDRESS.matcher(directory).lookingAt()
        ? directory
        : DeliverySettings.address(Path.of(directory));
  }

  <T> Optional<T> find(JobKey<T> key) {
    Setting setting = settings.get(key.name());
    Optional<String> given = setting == null ? Optional.of("") : setting.value(problems);
    Optional<T> value = Optional.empty();
    if (given.isPresent() && !given.get().isBlank()) {
      value = key.form().read(given.get().strip());
      if (value.isEmpty()) {
        problem(setting, "expected " + key.form().expected());
      }
    } else if (given.isPresent() && key.required()) {
      problems.add(
          new ConfigurationProblem(key.name(), "", "missing; expected " + key.form().expected()));
    }
    return value.or(() -> Optional.ofNullable(key.defaultValue()));
  }

  <T> T get(JobKey<T> keyWithDefault) {
    return find(keyWithDefault).orElseThrow();
  }

  String origin(JobKey<?> key) {
    Setting setting = settings.get(key.name());
    return setting == null ? key.name() : setting.origin();
  }

  private void problem(@Nullable Setting setting, String remedy) {
    if (setting != null) {
      problems.add(new ConfigurationProblem(setting.origin(), setting.shown(), remedy));
    }
  }
}
