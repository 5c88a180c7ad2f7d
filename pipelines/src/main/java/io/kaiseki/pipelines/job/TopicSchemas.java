package io.kaiseki.pipelines.job;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.registry.SubjectNaming;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
    SchemaIds ids =
        new Readiness(definition, settings, new Readiness.Permissions(true, 1, true))
            .establish(problems)
            .orElseThrow(() -> new ConfigurationException(problems));
    RegistrySettings registry = settings.registry();
    try (SchemaRegistryClient client = registry.connect()) {
      String subject =
          SubjectNaming.TOPIC.valueSubject(
              definition.topics().documents(), Document.getClassSchema());
      int documents =
          new SchemaRegistration(client, registry.address())
              .ensureRegistered(subject, Document.getClassSchema(), true);
      return new TopicSchemas(ids, documents);
    }
  }
}
