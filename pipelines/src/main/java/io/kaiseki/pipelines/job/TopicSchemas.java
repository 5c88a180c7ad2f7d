package io.kaiseki.pipelines.job;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.registry.RegistryRefusedException;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.registry.SubjectNaming;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The ids of the schemas of all three topics of an analysis, for those who fill the documents topic
 * themselves.
 *
 * @param job ids of what the job writes
 * @param documents id of what it reads
 */
public record TopicSchemas(SchemaIds job, int documents) {

  /**
   * Makes the topics, one partition each, and registers the schemas.
   *
   * @throws ConfigurationException with every problem, if the cluster or the registry has any
   */
  public static TopicSchemas establish(AnalysisDefinition definition, JobSettings settings)
      throws IOException {
    List<ConfigurationProblem> problems = new ArrayList<>();
    return establish(definition, settings, new Readiness.Permissions(true, 1, true), problems)
        .orElseThrow(() -> new ConfigurationException(problems));
  }

  /**
   * Looks at everything once, changing what is permitted.
   *
   * @param problems takes whatever is not as it should be
   * @return empty exactly if there are problems
   */
  public static Optional<TopicSchemas> establish(
      AnalysisDefinition definition,
      JobSettings settings,
      Readiness.Permissions permissions,
      Collection<ConfigurationProblem> problems)
      throws IOException {
    Optional<SchemaIds> ids = new Readiness(definition, settings, permissions).establish(problems);
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    RegistrySettings registry = settings.registry();
    String subject =
        SubjectNaming.TOPIC.valueSubject(
            definition.topics().documents(), Document.getClassSchema());
    try (SchemaRegistryClient client = registry.connect()) {
      int documents =
          new SchemaRegistration(client, registry.address())
              .ensureRegistered(subject, Document.getClassSchema(), permissions.autoRegister());
      return Optional.of(new TopicSchemas(ids.get(), documents));
    } catch (RegistryRefusedException e) {
      problems.add(
          new ConfigurationProblem(
              subject,
              "",
              e.getMessage() + " (kaiseki schema register, or --auto-register, registers it)"));
      return Optional.empty();
    }
  }
}
