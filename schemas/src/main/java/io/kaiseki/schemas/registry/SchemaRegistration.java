package io.kaiseki.schemas.registry;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Puts a pipeline's schemas in order before it starts. It is used once, where a job is submitted,
 * never by its parallel tasks: some registries answer a conflict when two clients register a
 * subject's first schema at the same time.
 */
public final class SchemaRegistration {

  private static final int CONFLICT = 409;
  private static final int UNPROCESSABLE = 422;

  private final SchemaRegistryClient client;
  private final String address;

  /**
   * Registers through a client.
   *
   * @param client stays the caller's to close
   * @param address of the registry, for messages
   */
  public SchemaRegistration(SchemaRegistryClient client, String address) {
    this.client = Objects.requireNonNull(client, "client");
    this.address = Objects.requireNonNull(address, "address");
  }

  /**
   * Makes sure that a schema stands under a subject. It goes there without the hints of Java's
   * generated classes, see {@link PortableSchema}.
   *
   * @param autoRegister whether to register it if it does not; otherwise its absence is an error
   * @return the id that messages carry
   * @throws RegistryRefusedException if it is not registered and may not be, or is not compatible
   * @throws RegistryUnavailableException if the registry can't answer now
   */
  public int ensureRegistered(String subject, Schema schema, boolean autoRegister) {
    AvroSchema portable = new AvroSchema(PortableSchema.of(schema));
    try {
      return client.getId(subject, portable);
    } catch (RestClientException e) {
      if (!RegistryFaults.isNotFound(e)) {
        throw RegistryFaults.of("looking up subject " + subject, address, e);
      }
    } catch (IOException e) {
      throw RegistryFaults.of("looking up subject " + subject, address, e);
    }
    if (!autoRegister) {
      throw new RegistryRefusedException(
          ("schema %s is not registered under subject %s in registry %s, "
                  + "and auto-registration is off; "
                  + "register it first, or turn auto-registration on")
              .formatted(schema.getFullName(), subject, address));
    }
    checkCompatible(subject, schema);
    return register(subject, portable);
  }

  /**
   * Checks a schema against the latest one of a subject, under the subject's own compatibility
   * level. A subject that does not exist yet takes any schema.
   *
   * @throws RegistryRefusedException listing every incompatibility
   * @throws RegistryUnavailableException if the registry can't answer now
   */
  public void checkCompatible(String subject, Schema schema) {
    try {
      AvroSchema portable = new AvroSchema(PortableSchema.of(schema));
      List<String> differences = client.testCompatibilityVerbose(subject, portable);
      if (!differences.isEmpty()) {
        throw incompatible(subject, schema.getFullName(), String.join("; ", differences), null);
      }
    } catch (RestClientException e) {
      if (!RegistryFaults.isNotFound(e)) {
        throw RegistryFaults.of("checking compatibility with subject " + subject, address, e);
      }
    } catch (IOException e) {
      throw RegistryFaults.of("checking compatibility with subject " + subject, address, e);
    }
  }

  private int register(String subject, AvroSchema schema) {
    try {
      return client.register(subject, schema);
    } catch (RestClientException e) {
      if (e.getStatus() == CONFLICT || e.getStatus() == UNPROCESSABLE) {
        throw incompatible(subject, schema.name(), e.getMessage(), e);
      }
      throw RegistryFaults.of("registering under subject " + subject, address, e);
    } catch (IOException e) {
      throw RegistryFaults.of("registering under subject " + subject, address, e);
    }
  }

  private RegistryRefusedException incompatible(
      String subject, String name, String differences, @Nullable Throwable cause) {
    return new RegistryRefusedException(
        ("schema %s does not fit subject %s in registry %s: %s; "
                + "change the schema so that old and new records can be read "
                + "(give new fields a default), or write to another topic")
            .formatted(name, subject, address, differences),
        cause);
  }
}
