package io.kaiseki.pipelines.cli;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.registry.SubjectNaming;
import java.io.IOException;

/** The subject under which producers of documents find their schema. */
final class DocumentSubject {

  private DocumentSubject() {}

  /** Registers the schema of documents where it is not registered; answers its id. */
  static int register(AnalysisDefinition definition, RegistrySettings registry) throws IOException {
    try (SchemaRegistryClient client = registry.connect()) {
      return new SchemaRegistration(client, registry.address())
          .ensureRegistered(
              SubjectNaming.TOPIC.valueSubject(
                  definition.topics().documents(), Document.getClassSchema()),
              Document.getClassSchema(),
              true);
    }
  }
}
