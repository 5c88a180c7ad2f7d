package io.kaiseki.inference.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarCharType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;

/**
 * Output columns as the Avro schema of an answer. Comments become the docs that the model reads,
 * NULL becomes a value that it may choose, and problems are collected with the path of the column.
 */
final class ColumnContract {

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private static final Set<ColumnOption> OF_FREE_TEXT =
      EnumSet.of(ColumnOption.QUOTE, ColumnOption.MIN_LENGTH, ColumnOption.MAX_LENGTH);
  private static final Set<ColumnOption> OF_NUMBERS =
      EnumSet.of(ColumnOption.MINIMUM, ColumnOption.MAXIMUM);
  private static final Set<ColumnOption> OF_LISTS =
      EnumSet.of(ColumnOption.MIN_ITEMS, ColumnOption.MAX_ITEMS);

  private final ColumnSettings settings;
  private final List<String> problems;
  private final Set<String> names = new HashSet<>();

  private ColumnContract(ColumnSettings settings, List<String> problems) {
    this.settings = settings;
    this.problems = problems;
  }

  /**
   * The schema of columns.
   *
   * @param model name of the model
   * @param columns names, types and comments
   */
  static Schema schema(
      String model, RowType columns, ColumnSettings settings, List<String> problems) {
    Schema schema = new ColumnContract(settings, problems).record(avroName(model), "", columns);
    problems.addAll(settings.unknown());
    return schema;
  }

  private Schema record(String name, String parent, RowType row) {
    List<Schema.Field> fields = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (RowType.RowField field : row.getFields()) {
      String path = parent.isEmpty() ? field.getName() : parent + "." + field.getName();
      if (!NAME.matcher(field.getName()).matches()) {
        problems.add(
            "column %s: a field of the answer is named with letters, digits and _, and does not begin"
                    .formatted(path)
                + " with a digit; rename it here and name it anew in the query with AS");
      } else if (taken.add(field.getName())) {
        fields.add(field(name, path, field));
      }
    }
    return Schema.createRecord(unique(name), null, null, false, fields);
  }

  private Schema.Field field(String record, String path, RowType.RowField column) {
    settings.exists(path);
    LogicalType type = column.getType();
    Schema schema = value(record + "__" + column.getName(), path, type);
    boolean mayBeNull = type.isNullable() && !settings.required(path);
    var field =
        new Schema.Field(
            column.getName(),
            mayBeNull ? Schema.createUnion(Schema.create(Schema.Type.NULL), schema) : schema,
            column.getDescription().orElse(null));
    for (ColumnOption option : ColumnOption.values()) {
      settings
          .get(option, path)
          .ifPresent(
              value -> {
                if (!appliesTo(option, type)) {
                  problems.add(
                      "'%s' does not apply to a column of type %s"
                          .formatted(option.key(path), type.asSummaryString()));
                } else if (OF_FREE_TEXT.contains(option)
                    && settings.get(ColumnOption.ENUM, path).isPresent()) {
                  problems.add(
                      "'%s' does not apply beside '%s'; remove one of them"
                          .formatted(option.key(path), ColumnOption.ENUM.key(path)));
                } else if (option != ColumnOption.ENUM) {
                  field.addProp(option.property(), value);
                }
              });
    }
    bounds(path, innermost(type), field);
    return field;
  }

  /** What the type itself says about its values, where no option says more. */
  private void bounds(String path, LogicalType type, Schema.Field field) {
    switch (type.getTypeRoot()) {
      case CHAR, VARCHAR -> length(path, field, LogicalTypeChecks.getLength(type));
      case TINYINT -> within(path, field, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case SMALLINT -> within(path, field, Short.MIN_VALUE, Short.MAX_VALUE);
      default -> {
        // The Avro type has the same bounds, or the contract's own default applies.
      }
    }
  }

  private void length(String path, Schema.Field field, int limit) {
    Object labels = settings.get(ColumnOption.ENUM, path).orElse(null);
    Object set = settings.get(ColumnOption.MAX_LENGTH, path).orElse(null);
    if (labels instanceof List<?> list) {
      for (Object label : list) {
        if (label.toString().length() > limit) {
          problems.add(
              "'%s' holds '%s', but the column's type ends at %d characters"
                  .formatted(ColumnOption.ENUM.key(path), label, limit));
        }
      }
    } else if (set instanceof Integer length) {
      if (length > limit) {
        problems.add(
            "'%s' is %d, but the column's type ends at %d characters"
                .formatted(ColumnOption.MAX_LENGTH.key(path), length, limit));
      }
    } else if (limit != VarCharType.MAX_LENGTH) {
      field.addProp(ColumnOption.MAX_LENGTH.property(), limit);
    }
  }

  private void within(String path, Schema.Field field, int least, int greatest) {
    bound(path, ColumnOption.MINIMUM, field, least, -1);
    bound(path, ColumnOption.MAXIMUM, field, greatest, 1);
  }

  private void bound(String path, ColumnOption option, Schema.Field field, int limit, int beyond) {
    Object set = settings.get(option, path).orElse(null);
    if (set == null) {
      field.addProp(option.property(), limit);
    } else if (new BigDecimal(set.toString()).compareTo(BigDecimal.valueOf(limit)) == beyond) {
      problems.add(
          "'%s' is %s, but the column's type ends at %d".formatted(option.key(path), set, limit));
    }
  }

  private Schema value(String name, String path, LogicalType type) {
    return switch (type.getTypeRoot()) {
      case CHAR, VARCHAR -> text(name, path);
      case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
      case TINYINT, SMALLINT, INTEGER -> Schema.create(Schema.Type.INT);
      case BIGINT -> Schema.create(Schema.Type.LONG);
      case FLOAT -> Schema.create(Schema.Type.FLOAT);
      case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
      case DECIMAL ->
          LogicalTypes.decimal(((DecimalType) type).getPrecision(), ((DecimalType) type).getScale())
              .addToSchema(Schema.create(Schema.Type.BYTES));
      case DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case TIMESTAMP_WITHOUT_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
      case ARRAY -> Schema.createArray(value(name, path, ((ArrayType) type).getElementType()));
      case ROW -> record(name, path, (RowType) type);
      default -> {
        problems.add(
            "column %s: a model can't write %s; possible are STRING, VARCHAR(n), BOOLEAN, TINYINT,"
                    .formatted(path, type.asSummaryString())
                + " SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL(p, s), DATE, TIMESTAMP(3),"
                + " TIMESTAMP_LTZ(3), ARRAY and ROW");
        yield Schema.create(Schema.Type.BOOLEAN);
      }
    };
  }

  private Schema text(String name, String path) {
    Object labels = settings.get(ColumnOption.ENUM, path).orElse(null);
    if (!(labels instanceof List<?> list)) {
      return Schema.create(Schema.Type.STRING);
    }
    List<String> symbols = new ArrayList<>();
    for (Object label : list) {
      String symbol = label.toString();
      if (!NAME.matcher(symbol).matches()) {
        problems.add(
            "'%s' holds the label '%s'; labels are made of letters, digits and _, and do not begin"
                    .formatted(ColumnOption.ENUM.key(path), symbol)
                + " with a digit");
      } else if (symbols.contains(symbol)) {
        problems.add("'%s' holds '%s' twice".formatted(ColumnOption.ENUM.key(path), symbol));
      } else {
        symbols.add(symbol);
      }
    }
    return symbols.isEmpty()
        ? Schema.create(Schema.Type.STRING)
        : Schema.createEnum(unique(name), null, null, symbols);
  }

  private static boolean appliesTo(ColumnOption option, LogicalType type) {
    LogicalType inner = innermost(type);
    if (option == ColumnOption.ENUM || OF_FREE_TEXT.contains(option)) {
      return switch (inner.getTypeRoot()) {
        case CHAR, VARCHAR -> true;
        default -> false;
      };
    }
    if (OF_NUMBERS.contains(option)) {
      return switch (inner.getTypeRoot()) {
        case TINYINT, SMALLINT, INTEGER, BIGINT, FLOAT, DOUBLE, DECIMAL -> true;
        default -> false;
      };
    }
    return !OF_LISTS.contains(option) || type instanceof ArrayType;
  }

  private static LogicalType innermost(LogicalType type) {
    return type instanceof ArrayType array ? innermost(array.getElementType()) : type;
  }

  private String unique(String name) {
    String free = name;
    for (int number = 2; !names.add(free); number++) {
      free = name + "_" + number;
    }
    return free;
  }

  private static String avroName(String model) {
    String name = model.replaceAll("[^A-Za-z0-9_]", "_");
    return NAME.matcher(name).matches() ? name : "_" + name;
  }
}
