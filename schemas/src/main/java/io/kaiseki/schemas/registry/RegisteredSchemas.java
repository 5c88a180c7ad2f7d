package io.kaiseki.schemas.registry;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;

/** The schemas that messages name by id. Safe for use by many threads; known ids are remembered. */
public final class RegisteredSchemas {

  private final SchemaRegistryClient client;
  private final String address;

  /**
   * Reads schemas through a client.
   *
   * @param client stays the caller's to close
   * @param address of the registry, for messages
   */
  public RegisteredSchemas(SchemaRegistryClient client, String address) {
    this.client = Objects.requireNonNull(client, "client");
    this.address = Objects.requireNonNull(address, "address");
  }

  /**
   * The newest schema of a subject, through a client of its own.
   *
   * @return empty if there is none, or none that Avro can read
   * @throws RegistryUnavailableException if the registry can't answer now; asking again may help
   * @throws RegistryRefusedException if it refuses to answer this client
   */
  public static Optional<Schema> latest(RegistrySettings settings, String subject) {
    try (SchemaRegistryClient client = settings.connect()) {
      return new RegisteredSchemas(client, settings.address()).latest(subject);
    } catch (IOException e) {
      throw RegistryFaults.of("closing the client", settings.address(), e);
    }
  }

  /**
   * Looks up a schema.
   *
   * @throws RegistryUnavailableException if the registry can't answer now; asking again may help
   * @throws RegistryRefusedException if it refuses to answer this client
   */
  public SchemaById byId(int id) {
    try {
      ParsedSchema schema = client.getSchemaById(id);
      return schema instanceof AvroSchema avro
          ? new SchemaById.Known(avro.rawSchema())
          : notAvro(id);
    } catch (RestClientException e) {
      if (RegistryFaults.isNotFound(e)) {
        return new SchemaById.Unknown("registry %s knows no schema id %d".formatted(address, id));
      }
      throw RegistryFaults.of("looking up schema id " + id, address, e);
    } catch (IOException e) {
      if (isInvalidSchema(e)) {
        return notAvro(id);
      }
      throw RegistryFaults.of("looking up schema id " + id, address, e);
    }
  }

  /**
   * The newest schema of a subject.
   *
   * @return empty if there is none, or none that Avro can read
   * @throws RegistryUnavailableException if the registry can't answer now; asking again may help
   * @throws RegistryRefusedException if it refuses to answer this client
   */
  public Optional<Schema> latest(String subject) {
    try {
      return byId(client.getLatestSchemaMetadata(subject).getId()) instanceof SchemaById.Known known
          ? Optional.of(known.schema())
          : Optional.empty();
    } catch (RestClientException e) {
      if (RegistryFaults.isNotFound(e)) {
        return Optional.empty();
      }
      throw RegistryFaults.of("looking up subject " + subject, address, e);
    } catch (IOException e) {
      throw RegistryFaults.of("looking up subject " + subject, address, e);
    }
  }

  /**
   * The client reports a schema that it can't parse, such as a Protobuf one, with the type that it
   * uses for network trouble too. Only the text tells them apart; taken for trouble, one such
   * message would be retried for ever.
   */
  private static boolean isInvalidSchema(IOException e) {
    return e.getClass() == IOException.class
        && e.getMessage() != null
        && e.getMessage().startsWith("Invalid schema");
  }

  private SchemaById notAvro(int id) {
    return new SchemaById.Unknown(
        "schema id %d in registry %s is not an Avro schema".formatted(id, address));
  }
}
