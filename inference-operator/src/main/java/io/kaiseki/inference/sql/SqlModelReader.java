package io.kaiseki.inference.sql;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.MaskingPolicy;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.contract.UnsupportedSchemaException;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.sql.SqlModel.Failures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.ResolvedCatalogModel;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;

/** Reads one model's columns and options, and reports all that is wrong with them together. */
final class SqlModelReader {

  private final String name;
  private final Map<String, String> all;
  private final RowType input;
  private final RowType output;
  private final List<String> problems = new ArrayList<>();
  private final OptionReader options;

  private SqlModelReader(String name, ResolvedCatalogModel model) {
    this.name = name;
    this.all = model.getOptions();
    this.options = new OptionReader(all, problems);
    this.input = columns(model.getResolvedInputSchema());
    this.output = columns(model.getResolvedOutputSchema());
  }

  /**
   * Reads a model.
   *
   * @param name the model's own name, without catalog and database
   * @throws ValidationException naming every problem with its option or column
   */
  static SqlModel read(String name, ResolvedCatalogModel model) {
    return new SqlModelReader(name, model).read();
  }

  private SqlModel read() {
    LlamaCppSettings engine = engine();
    int id = column(SqlModelOptions.ID_COLUMN, input, "input", SqlModelReader::isText, "STRING");
    int text = text(id);
    Failures failures = failures();
    OutputColumns columns = outputColumns(failures);
    Optional<String> instructions = instructions();
    Optional<Contract> contract = contract(columns);
    ReasoningPolicy reasoning = reasoning();
    MaskingPolicy masking = MaskingOptions.read(options, problems);
    Duration deadline = positive(SqlModelOptions.DEADLINE);
    var longDocuments = Objects.requireNonNull(options.get(SqlModelOptions.LONG_DOCUMENTS));
    var lane = Objects.requireNonNull(options.get(SqlModelOptions.LANE));
    if (!problems.isEmpty()) {
      throw new ValidationException(
          "model %s can't be used:%n  - %s"
              .formatted(name, String.join(System.lineSeparator() + "  - ", problems)));
    }
    return new SqlModel(
        Analysis.of(
            name,
            instructions.orElseThrow(),
            contract.orElseThrow(),
            reasoning,
            longDocuments,
            masking),
        LlamaCppEngine.source(engine),
        engine.slots(),
        text,
        id,
        columns,
        failures,
        deadline,
        lane);
  }

  private LlamaCppSettings engine() {
    String file = options.get(SqlModelOptions.MODEL);
    if (file == null || file.isBlank()) {
      problems.add(
          "'%s' is missing; give the path of a GGUF file".formatted(SqlModelOptions.MODEL.key()));
    }
    String sha256 = Objects.requireNonNull(options.get(SqlModelOptions.MODEL_SHA256));
    if (!sha256.matches("|[0-9a-fA-F]{64}")) {
      problems.add(
          "'%s' must be 64 hex digits, but is '%s'"
              .formatted(SqlModelOptions.MODEL_SHA256.key(), sha256));
    }
    return new LlamaCppSettings(
        Objects.requireNonNullElse(file, ""),
        sha256,
        options.within(SqlModelOptions.SLOTS, 1, 256),
        options.within(SqlModelOptions.CONTEXT_TOKENS, 0, 1 << 22),
        options.within(SqlModelOptions.BATCH_TOKENS, 32, 16_384),
        options.within(SqlModelOptions.THREADS, 0, 1_024),
        Objects.requireNonNull(options.get(SqlModelOptions.LIBRARY)),
        options.within(SqlModelOptions.ANSWER_CACHE, 0, 1_000_000));
  }

  private int text(int id) {
    List<Integer> texts = new ArrayList<>();
    for (int position = 0; position < input.getFieldCount(); position++) {
      if (position != id) {
        texts.add(position);
      }
    }
    if (texts.size() != 1 || !isText(input.getTypeAt(texts.get(0)))) {
      problems.add(
          "INPUT must be one STRING column, the text, and besides at most that of '%s', but is %s"
              .formatted(SqlModelOptions.ID_COLUMN.key(), described(input)));
      return 0;
    }
    return texts.get(0);
  }

  private OutputColumns outputColumns(Failures failures) {
    int error =
        column(SqlModelOptions.ERROR_COLUMN, output, "output", SqlModelReader::isText, "STRING");
    int confidence =
        column(
            SqlModelOptions.CONFIDENCE_COLUMN,
            output,
            "output",
            SqlModelReader::isConfidences,
            "MAP<STRING, DOUBLE>");
    int reasoning =
        column(
            SqlModelOptions.REASONING_COLUMN, output, "output", SqlModelReader::isText, "STRING");
    OutputColumns columns = new OutputColumns(output, error, confidence, reasoning);
    if (error != OutputColumns.NONE) {
      if (!failures.ignored()) {
        problems.add(
            "'%s' needs '%s' = 'ignore', or '%s' = 'ignore'; otherwise no row with an error comes out"
                .formatted(
                    SqlModelOptions.ERROR_COLUMN.key(),
                    SqlModelOptions.ERROR_HANDLING_STRATEGY.key(),
                    SqlModelOptions.RETRY_FALLBACK_STRATEGY.key()));
      }
      for (RowType.RowField field : output.getFields()) {
        if (!field.getType().isNullable()) {
          problems.add(
              "column %s is NOT NULL, but with '%s' it is NULL where there is no answer; remove NOT"
                      .formatted(field.getName(), SqlModelOptions.ERROR_COLUMN.key())
                  + " NULL, and name the column in '%s'".formatted(SqlModelOptions.REQUIRED.key()));
        }
      }
    }
    for (int position : new int[] {error, reasoning}) {
      if (position != OutputColumns.NONE && !output.getTypeAt(position).isNullable()) {
        problems.add(
            "column %s must not be NOT NULL: it is not always there"
                .formatted(output.getFieldNames().get(position)));
      }
    }
    return columns;
  }

  private Failures failures() {
    var strategy = Objects.requireNonNull(options.get(SqlModelOptions.ERROR_HANDLING_STRATEGY));
    var fallback = Objects.requireNonNull(options.get(SqlModelOptions.RETRY_FALLBACK_STRATEGY));
    int retries = options.within(SqlModelOptions.RETRY_NUM, 0, 1_000);
    Duration backoff = Objects.requireNonNull(options.get(SqlModelOptions.RETRY_BACKOFF));
    if (backoff.isNegative()) {
      problems.add(
          "'%s' must not be negative, but is %s"
              .formatted(SqlModelOptions.RETRY_BACKOFF.key(), backoff));
    }
    options.countUnder(
        SqlModelOptions.ERROR_HANDLING_STRATEGY,
        List.of(ErrorHandlingStrategy.RETRY),
        SqlModelOptions.RETRY_NUM,
        SqlModelOptions.RETRY_BACKOFF,
        SqlModelOptions.RETRY_FALLBACK_STRATEGY);
    return switch (strategy) {
      case FAILOVER -> new Failures(false, 1, backoff);
      case IGNORE -> new Failures(true, 1, backoff);
      case RETRY -> new Failures(fallback == RetryFallbackStrategy.IGNORE, retries + 1, backoff);
    };
  }

  private Optional<String> instructions() {
    String text = options.get(SqlModelOptions.INSTRUCTIONS);
    String file = options.get(SqlModelOptions.INSTRUCTIONS_FILE);
    if ((text == null) == (file == null)) {
      problems.add(
          "give either '%s' or '%s'%s"
              .formatted(
                  SqlModelOptions.INSTRUCTIONS.key(),
                  SqlModelOptions.INSTRUCTIONS_FILE.key(),
                  text == null ? "" : ", not both"));
      return Optional.empty();
    }
    Optional<String> read =
        file == null
            ? Optional.of(text)
            : PlanningFiles.read(SqlModelOptions.INSTRUCTIONS_FILE, file, problems);
    if (read.isPresent() && read.get().isBlank()) {
      problems.add(
          "'%s' is empty; say what the model shall do with a document"
              .formatted(
                  (file == null ? SqlModelOptions.INSTRUCTIONS : SqlModelOptions.INSTRUCTIONS_FILE)
                      .key()));
    }
    return read.map(String::strip);
  }

  private Optional<Contract> contract(OutputColumns columns) {
    RowType answer = columns.answer();
    ColumnSettings settings =
        ColumnSettings.read(
            all, Objects.requireNonNull(options.get(SqlModelOptions.REQUIRED)), problems);
    if (answer.getFieldCount() == 0) {
      problems.add("OUTPUT has no column for an answer");
      return Optional.empty();
    }
    int before = problems.size();
    Optional<Schema> schema = ResultSchema.read(options, problems);
    boolean given =
        options.has(SqlModelOptions.RESULT_SCHEMA)
            || options.has(SqlModelOptions.RESULT_SCHEMA_SUBJECT);
    if (given) {
      if (!settings.isEmpty()) {
        problems.add(
            "with a result schema, what a column may be stands in that schema; remove %s"
                .formatted(
                    settings.keys().isEmpty()
                        ? SqlModelOptions.REQUIRED.key()
                        : String.join(", ", settings.keys())));
      }
    } else {
      schema = Optional.of(ColumnContract.schema(name, answer, settings, problems));
    }
    if (schema.isEmpty() || problems.size() > before) {
      return Optional.empty();
    }
    try {
      Contract contract =
          Contract.of(
              schema.get(), Objects.requireNonNull(options.get(SqlModelOptions.ANSWER_LAYOUT)));
      if (given) {
        ColumnCheck.check(answer, contract, problems);
      }
      return Optional.of(contract);
    } catch (UnsupportedSchemaException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  private ReasoningPolicy reasoning() {
    ReasoningMode mode = Objects.requireNonNull(options.get(SqlModelOptions.REASONING));
    int budget = options.within(SqlModelOptions.REASONING_BUDGET, 1, 32_768);
    Double threshold = Objects.requireNonNull(options.get(SqlModelOptions.REASONING_THRESHOLD));
    if (!(threshold > 0 && threshold <= 1)) {
      problems.add(
          "'%s' must be over 0 and at most 1, but is %s"
              .formatted(SqlModelOptions.REASONING_THRESHOLD.key(), threshold));
      threshold = SqlModelOptions.REASONING_THRESHOLD.defaultValue();
    }
    options.countUnder(
        SqlModelOptions.REASONING,
        List.of(ReasoningMode.ALWAYS, ReasoningMode.WHEN_UNSURE),
        SqlModelOptions.REASONING_BUDGET);
    options.countUnder(
        SqlModelOptions.REASONING,
        List.of(ReasoningMode.WHEN_UNSURE),
        SqlModelOptions.REASONING_THRESHOLD);
    return switch (mode) {
      case OFF -> ReasoningPolicy.OFF;
      case ALWAYS -> new ReasoningPolicy.Always(budget);
      case WHEN_UNSURE -> new ReasoningPolicy.WhenUnsure(threshold, budget);
    };
  }

  private Duration positive(ConfigOption<Duration> option) {
    Duration value = Objects.requireNonNull(options.get(option));
    if (value.toMillis() < 1 || value.compareTo(Duration.ofDays(365)) > 0) {
      problems.add("'%s' must be from 1 ms to 365 days, but is %s".formatted(option.key(), value));
    }
    return value;
  }

  /** The position of the column that an option names. */
  private int column(
      ConfigOption<String> option,
      RowType columns,
      String side,
      java.util.function.Predicate<LogicalType> fits,
      String expected) {
    String column = options.get(option);
    if (column == null) {
      return OutputColumns.NONE;
    }
    int position = columns.getFieldIndex(column);
    if (position < 0) {
      problems.add(
          "'%s' names %s column '%s', which is not there; columns are %s"
              .formatted(option.key(), side, column, described(columns)));
      return OutputColumns.NONE;
    }
    if (!fits.test(columns.getTypeAt(position))) {
      problems.add(
          "column %s, named by '%s', must be %s, but is %s"
              .formatted(
                  column, option.key(), expected, columns.getTypeAt(position).asSummaryString()));
    }
    return position;
  }

  private static RowType columns(@Nullable ResolvedSchema schema) {
    List<RowType.RowField> fields = new ArrayList<>();
    if (schema != null) {
      schema
          .getColumns()
          .forEach(
              column ->
                  fields.add(
                      new RowType.RowField(
                          column.getName(),
                          column.getDataType().getLogicalType(),
                          column.getComment().orElse(null))));
    }
    return new RowType(false, fields);
  }

  private static boolean isText(LogicalType type) {
    return type.is(LogicalTypeFamily.CHARACTER_STRING);
  }

  private static boolean isConfidences(LogicalType type) {
    return type instanceof MapType map
        && isText(map.getKeyType())
        && map.getValueType().is(LogicalTypeRoot.DOUBLE);
  }

  private static String described(RowType columns) {
    return columns.getFields().stream()
        .map(field -> field.getName() + " " + field.getType().asSummaryString())
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
