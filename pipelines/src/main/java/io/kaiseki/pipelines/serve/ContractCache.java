package io.kaiseki.pipelines.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.inference.contract.AnswerLayout;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.contract.UnsupportedSchemaException;
import io.kaiseki.inference.json.JsonSchemaReader;
import io.kaiseki.inference.json.UnsupportedJsonSchemaException;
import io.kaiseki.schemas.digest.Sha256;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * Contracts of schemas that clients send with every request; compiling them takes time. What it
 * keeps is bounded by the length of the schemas and by the size of the answers, with which
 * contracts grow.
 */
final class ContractCache {

  /** Longest schema, in characters with its name: 1 MiB. */
  static final int LONGEST = 1 << 20;

  private static final int MOST = 128;
  private static final long MOST_CHARACTERS = 32L << 20;

  /** Characters of a schema that take about as much memory as a field or label of the answer. */
  private static final int PART_CHARACTERS = 256;

  private static final String JSON_SCHEMA = "response_format.json_schema.schema";
  private static final String AVRO_SCHEMA = "kaiseki.schema";

  private record Kept(Contract contract, int characters) {}

  /** By SHA-256 of the schema, the one that was asked for last at the end. */
  private final Map<String, Kept> contracts = new LinkedHashMap<>(16, 0.75f, true);

  private long characters;

  /**
   * The contract of a JSON schema.
   *
   * @throws ApiException if it is too long, or naming every path that can't be held to
   */
  Contract json(String name, JsonNode schema) {
    return cached(
        JSON_SCHEMA,
        "json " + name + " " + schema,
        () -> {
          try {
            return JsonSchemaReader.read(name, schema);
          } catch (UnsupportedJsonSchemaException e) {
            throw unsupported(JSON_SCHEMA, e.problems());
          } catch (AvroRuntimeException e) {
            throw ApiException.wrong(JSON_SCHEMA, "can't be read");
          }
        });
  }

  /** The contract of an Avro schema. */
  Contract avro(String schema, String layout) {
    return cached(
        AVRO_SCHEMA,
        "avro " + layout + " " + schema,
        () -> {
          try {
            return Contract.of(
                new Schema.Parser().parse(schema),
                AnswerLayout.valueOf(layout.toUpperCase(Locale.ROOT)));
          } catch (UnsupportedSchemaException e) {
            throw unsupported(AVRO_SCHEMA, e.problems());
          } catch (AvroRuntimeException | IllegalArgumentException e) {
            throw ApiException.wrong(AVRO_SCHEMA, "no Avro schema, or an unknown layout");
          }
        });
  }

  /** A version for what has none. */
  String version(String instructions, Contract contract) {
    return Sha256.hex(instructions + "\0" + contract.schema());
  }

  private Contract cached(String parameter, String whole, Supplier<Contract> compile) {
    if (whole.length() > LONGEST) {
      throw ApiException.wrong(
          parameter,
          "has %d characters with its name, more than %d; shorten it"
              .formatted(whole.length(), LONGEST));
    }
    String key = Sha256.hex(whole);
    synchronized (contracts) {
      Kept known = contracts.get(key);
      if (known != null) {
        return known.contract();
      }
    }
    Contract contract = compile.get();
    Kept compiled = new Kept(contract, whole.length() + contract.size() * PART_CHARACTERS);
    synchronized (contracts) {
      // Another request may have compiled the same meanwhile.
      Kept other = contracts.put(key, compiled);
      characters += compiled.characters() - (other == null ? 0 : other.characters());
      Iterator<Kept> eldest = contracts.values().iterator();
      while (contracts.size() > MOST || characters > MOST_CHARACTERS) {
        characters -= eldest.next().characters();
        eldest.remove();
      }
    }
    return contract;
  }

  private static ApiException unsupported(String parameter, List<String> problems) {
    return ApiException.wrong(parameter, String.join("; ", problems));
  }
}
