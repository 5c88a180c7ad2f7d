package io.kaiseki.schemas.registry;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.rest.entities.Schema;
import io.confluent.kafka.schemaregistry.client.rest.entities.SchemaReference;
import java.util.List;
import java.util.Optional;

/**
 * Parses Avro schemas for the client. A schema may refer to others, which are looked up amid its
 * parsing. What goes wrong with that is no fault of the schema, yet the client's own parser takes
 * all exceptions for one, so that an outage at this moment would make the schema an invalid one.
 */
final class AvroParsing extends AvroSchemaProvider {

  private final String address;

  /**
   * Parses schemas of one registry.
   *
   * @param address of the registry, for messages
   */
  AvroParsing(String address) {
    this.address = address;
  }

  /**
   * Parses a schema.
   *
   * @return empty if it is no Avro schema, or refers to one that there is not
   * @throws RegistryUnavailableException if the registry can't tell now what it refers to
   * @throws RegistryRefusedException if it refuses to tell this client
   */
  @Override
  public Optional<ParsedSchema> parseSchema(Schema schema, boolean isNew, boolean normalize) {
    try {
      return Optional.of(parseSchemaOrElseThrow(schema, isNew, normalize));
    } catch (RuntimeException e) {
      Optional<Exception> unanswered = RegistryFaults.unanswered(e);
      if (unanswered.isPresent()) {
        throw RegistryFaults.of("looking up what a schema refers to", address, unanswered.get());
      }
      return Optional.empty();
    }
  }

  @Override
  public Optional<ParsedSchema> parseSchema(Schema schema, boolean isNew) {
    return parseSchema(schema, isNew, false);
  }

  @Override
  public Optional<ParsedSchema> parseSchema(
      String schema, List<SchemaReference> references, boolean isNew, boolean normalize) {
    return parseSchema(
        new Schema(null, null, null, schemaType(), references, schema), isNew, normalize);
  }

  @Override
  public Optional<ParsedSchema> parseSchema(
      String schema, List<SchemaReference> references, boolean isNew) {
    return parseSchema(schema, references, isNew, false);
  }

  @Override
  public Optional<ParsedSchema> parseSchema(String schema, List<SchemaReference> references) {
    return parseSchema(schema, references, false, false);
  }
}
