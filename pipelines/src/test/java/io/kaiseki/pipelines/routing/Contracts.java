package io.kaiseki.pipelines.routing;

import io.kaiseki.inference.contract.Contract;
import org.apache.avro.Schema;

/** A contract with a field of each kind. */
final class Contracts {

  static final Contract CLAIM =
      Contract.of(
          new Schema.Parser()
              .parse(
                  """
                  {"type": "record", "name": "Claim", "namespace": "test", "fields": [
                    {"name": "kind", "type": {"type": "enum", "name": "Kind",
                      "symbols": ["fire", "water", "theft"]}},
                    {"name": "team", "type": ["null", {"type": "enum", "name": "Team",
                      "symbols": ["home", "car"]}]},
                    {"name": "urgent", "type": "boolean"},
                    {"name": "count", "type": "int", "minimum": 0, "maximum": 99},
                    {"name": "amount", "type": ["null", {"type": "bytes", "logicalType": "decimal",
                      "precision": 9, "scale": 2}]},
                    {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                    {"name": "product", "type": ["null", "string"]},
                    {"name": "tags", "type": {"type": "array", "items": {"type": "enum",
                      "name": "Tag", "symbols": ["new", "old"]}}},
                    {"name": "place", "type": ["null", {"type": "record", "name": "Place",
                      "fields": [
                        {"name": "town", "type": "string"},
                        {"name": "abroad", "type": "boolean"}
                      ]}]},
                    {"name": "lines", "type": {"type": "array", "items": {"type": "record",
                      "name": "Line", "fields": [
                        {"name": "what", "type": "string"},
                        {"name": "state", "type": {"type": "enum", "name": "State",
                          "symbols": ["lost", "broken"]}}
                      ]}}}
                  ]}
                  """));

  private Contracts() {}
}
