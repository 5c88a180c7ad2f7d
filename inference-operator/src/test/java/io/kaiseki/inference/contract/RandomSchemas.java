package io.kaiseki.inference.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Random record schemas within what a contract supports. */
final class RandomSchemas {

  private static final int DEEPEST = 3;

  private final Random random;
  private final List<Schema> records = new ArrayList<>();
  private int names;

  RandomSchemas(Random random) {
    this.random = random;
  }

  /** The schema of an answer. */
  Schema answer() {
    return record(0);
  }

  private Schema record(int depth) {
    if (depth > 0 && !records.isEmpty() && random.nextInt(4) == 0) {
      return records.get(random.nextInt(records.size()));
    }
    List<Schema.Field> fields = new ArrayList<>();
    int least = depth > 0 && random.nextInt(5) == 0 ? 0 : 1;
    for (int i = 0, n = least + random.nextInt(depth == 0 ? 6 : 3); i < n; i++) {
      fields.add(field(depth));
    }
    Schema record = Schema.createRecord(name("Record"), null, "test", false, fields);
    records.add(record);
    return record;
  }

  private Schema.Field field(int depth) {
    Schema type = type(depth);
    boolean nullable = random.nextInt(3) == 0;
    Schema schema = nullable ? Schema.createUnion(Schema.create(Schema.Type.NULL), type) : type;
    Schema.Field field =
        new Schema.Field(name(random.nextInt(6) == 0 ? "größe" : "f"), schema, null, (Object) null);
    if (type.getType() == Schema.Type.ARRAY) {
      int maxItems = 1 + random.nextInt(4);
      field.addProp("maxItems", maxItems);
      field.addProp("minItems", random.nextInt(maxItems + 1));
    }
    Schema leaf = type;
    while (leaf.getType() == Schema.Type.ARRAY) {
      leaf = leaf.getElementType();
    }
    if (leaf.getLogicalType() == null) {
      bounds(field, leaf);
    }
    boolean closed = type.getType() == Schema.Type.ENUM || type.getType() == Schema.Type.BOOLEAN;
    if (nullable && closed && random.nextBoolean()) {
      field.addProp("minConfidence", (1 + random.nextInt(10)) / 10.0);
    }
    return field;
  }

  private void bounds(Schema.Field field, Schema leaf) {
    switch (leaf.getType()) {
      case STRING -> {
        int maxLength = random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(20);
        field.addProp("maxLength", maxLength);
        if (random.nextInt(3) == 0) {
          field.addProp("quote", true);
          if (random.nextBoolean()) {
            field.addProp("minLength", 1 + random.nextInt(maxLength));
          }
        } else if (random.nextBoolean()) {
          field.addProp("minLength", random.nextInt(maxLength + 1));
        }
      }
      case INT -> {
        if (random.nextBoolean()) {
          int minimum = random.nextInt(4000) - 2000;
          field.addProp("minimum", minimum);
          field.addProp(
              "maximum", random.nextInt(4) == 0 ? minimum : minimum + random.nextInt(3000));
        }
      }
      case LONG -> {
        if (random.nextBoolean()) {
          long minimum = random.nextLong() >> 1 + random.nextInt(60);
          field.addProp("minimum", minimum);
          field.addProp("maximum", minimum + (random.nextLong() >>> 2 + random.nextInt(60)));
        }
      }
      case FLOAT, DOUBLE -> {
        if (random.nextBoolean()) {
          double minimum = (random.nextInt(400) - 200) / 8.0;
          field.addProp("minimum", minimum);
          field.addProp("maximum", minimum + random.nextInt(100) / 16.0);
        }
      }
      default -> {}
    }
  }

  private Schema type(int depth) {
    return switch (random.nextInt(depth < DEEPEST ? 14 : 10)) {
      case 0 -> Schema.create(Schema.Type.BOOLEAN);
      case 1 -> Schema.create(Schema.Type.INT);
      case 2 -> Schema.create(Schema.Type.LONG);
      case 3 -> Schema.create(Schema.Type.FLOAT);
      case 4 -> Schema.create(Schema.Type.DOUBLE);
      case 5 -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case 6 -> LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
      case 7 -> decimal();
      case 8 -> symbols();
      case 9 -> Schema.create(Schema.Type.STRING);
      case 10, 11 -> record(depth + 1);
      default -> array(depth);
    };
  }

  private Schema array(int depth) {
    Schema array = Schema.createArray(type(depth + 1));
    int maxItems = 1 + random.nextInt(3);
    array.addProp("maxItems", maxItems);
    array.addProp("minItems", random.nextInt(maxItems + 1));
    return array;
  }

  private Schema decimal() {
    int precision = 1 + random.nextInt(12);
    int scale = random.nextInt(4) == 0 ? precision : random.nextInt(precision + 1);
    Schema base =
        random.nextBoolean()
            ? Schema.create(Schema.Type.BYTES)
            : Schema.createFixed(name("Fixed"), null, "test", 8);
    return LogicalTypes.decimal(precision, scale).addToSchema(base);
  }

  private Schema symbols() {
    List<String> symbols = new ArrayList<>();
    String symbol = "a";
    for (int i = 0, n = 1 + random.nextInt(6); i < n; i++) {
      // Symbols that begin one another are the hard case for a tree of tokens.
      symbol = random.nextBoolean() ? symbol + (char) ('a' + random.nextInt(3)) : name("s日");
      if (!symbols.contains(symbol)) {
        symbols.add(symbol);
      }
    }
    return Schema.createEnum(name("Enum"), null, "test", symbols);
  }

  private String name(String stem) {
    return stem + names++;
  }
}
