package io.kaiseki.inference.sql;

import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistryCredentials;
import io.kaiseki.schemas.registry.RegistryRefusedException;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.RegistryUnavailableException;
import io.kaiseki.schemas.registry.Secret;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** A contract that is given as an Avro schema: as a file, or by its subject in a registry. */
final class ResultSchema {

  private ResultSchema() {}

  /** Empty where the columns are the contract, or where there are problems. */
  static Optional<Schema> read(OptionReader options, List<String> problems) {
    String file = options.get(SqlModelOptions.RESULT_SCHEMA);
    String subject = options.get(SqlModelOptions.RESULT_SCHEMA_SUBJECT);
    if (file != null && subject != null) {
      problems.add(
          "give either '%s' or '%s', not both"
              .formatted(
                  SqlModelOptions.RESULT_SCHEMA.key(),
                  SqlModelOptions.RESULT_SCHEMA_SUBJECT.key()));
      return Optional.empty();
    }
    if (subject != null) {
      return registered(subject, options, problems);
    }
    options.noEffect(
        "without '%s'; name a subject there, or remove it"
            .formatted(SqlModelOptions.RESULT_SCHEMA_SUBJECT.key()),
        SqlModelOptions.REGISTRY_URL,
        SqlModelOptions.REGISTRY_USER,
        SqlModelOptions.REGISTRY_PASSWORD,
        SqlModelOptions.REGISTRY_TOKEN);
    return file == null
        ? Optional.empty()
        : PlanningFiles.read(SqlModelOptions.RESULT_SCHEMA, file, problems)
            .flatMap(json -> parsed(file, json, problems));
  }

  private static Optional<Schema> parsed(String file, String json, List<String> problems) {
    try {
      return Optional.of(new Schema.Parser().parse(json));
    } catch (AvroRuntimeException e) {
      problems.add(
          "'%s' names %s, which is no Avro schema: %s"
              .formatted(SqlModelOptions.RESULT_SCHEMA.key(), file, e.getMessage()));
      return Optional.empty();
    }
  }

  private static Optional<Schema> registered(
      String subject, OptionReader options, List<String> problems) {
    String url = options.get(SqlModelOptions.REGISTRY_URL);
    if (url == null) {
      problems.add(
          "'%s' is missing; '%s' needs it"
              .formatted(
                  SqlModelOptions.REGISTRY_URL.key(), SqlModelOptions.RESULT_SCHEMA_SUBJECT.key()));
      return Optional.empty();
    }
    try {
      RegistrySettings settings = settings(url, options, problems);
      Optional<Schema> latest = RegisteredSchemas.latest(settings, subject);
      if (latest.isEmpty()) {
        problems.add(
            "'%s': registry %s has no Avro schema under subject %s"
                .formatted(
                    SqlModelOptions.RESULT_SCHEMA_SUBJECT.key(), settings.address(), subject));
      }
      return latest;
    } catch (IllegalArgumentException | RegistryRefusedException | RegistryUnavailableException e) {
      problems.add("'%s': %s".formatted(SqlModelOptions.REGISTRY_URL.key(), e.getMessage()));
    }
    return Optional.empty();
  }

  private static RegistrySettings settings(
      String url, OptionReader options, List<String> problems) {
    List<String> urls = Arrays.stream(url.split(",")).map(String::strip).toList();
    RegistrySettings first = RegistrySettings.of(urls.get(0));
    return new RegistrySettings(
        urls, credentials(options, problems), null, first.connectTimeout(), first.readTimeout());
  }

  private static RegistryCredentials credentials(OptionReader options, List<String> problems) {
    String user = options.get(SqlModelOptions.REGISTRY_USER);
    String password = options.get(SqlModelOptions.REGISTRY_PASSWORD);
    String token = options.get(SqlModelOptions.REGISTRY_TOKEN);
    if ((user == null) != (password == null) || (user != null && token != null)) {
      problems.add(
          "give '%s' and '%s', or '%s', or none of them"
              .formatted(
                  SqlModelOptions.REGISTRY_USER.key(),
                  SqlModelOptions.REGISTRY_PASSWORD.key(),
                  SqlModelOptions.REGISTRY_TOKEN.key()));
      return new RegistryCredentials.Anonymous();
    }
    if (token != null) {
      return new RegistryCredentials.Bearer(Secret.of(token));
    }
    return user == null || password == null
        ? new RegistryCredentials.Anonymous()
        : new RegistryCredentials.Basic(user, Secret.of(password));
  }
}
