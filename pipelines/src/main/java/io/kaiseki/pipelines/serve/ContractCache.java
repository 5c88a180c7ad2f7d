package io.kaiseki.pipelines.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.inference.contract.AnswerLayout;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.contract.UnsupportedSchemaException;
import io.kaiseki.inference.json.JsonSchemaReader;
import io.kaiseki.inference.json.UnsupportedJsonSchemaException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** Contracts of schemas that clients send with every request; compiling them takes time. */
final class ContractCache {

  private static final int MOST = 128;
  private static final String JSON_SCHEMA = "response_format.json_schema.schema";
  private static final String AVRO_SCHEMA = "kaiseki.schema";

  private final Map<String, Contract> contracts =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Contract> eldest) {
          return size() > MOST;
        }
      };

  /**
   * The contract of a JSON schema.
   *
   * @throws ApiException naming every path that can't be held to
   */
  Contract json(String name, JsonNode schema) {
    return cached(
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
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(instructions.getBytes(StandardCharsets.UTF_8));
      sha256.update((byte) 0);
      sha256.update(contract.schema().toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private Contract cached(String key, Supplier<Contract> compile) {
    synchronized (contracts) {
      Contract known = contracts.get(key);
      if (known != null) {
        return known;
      }
    }
    Contract compiled = compile.get();
    synchronized (contracts) {
      contracts.put(key, compiled);
    }
    return compiled;
  }

  private static ApiException unsupported(String parameter, List<String> problems) {
    return ApiException.wrong(parameter, String.join("; ", problems));
  }
}
