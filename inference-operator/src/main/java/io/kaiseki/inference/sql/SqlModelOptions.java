package io.kaiseki.inference.sql;

import io.kaiseki.inference.Lane;
import io.kaiseki.inference.LongDocuments;
import io.kaiseki.inference.contract.AnswerLayout;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * The options of {@code CREATE MODEL … WITH ('provider' = 'kaiseki', …)}. Besides these there are
 * the options of single columns, see {@link ColumnOption}.
 */
public final class SqlModelOptions {

  public static final ConfigOption<String> MODEL =
      ConfigOptions.key("model")
          .stringType()
          .noDefaultValue()
          .withDescription("Path of the GGUF file on the machines of the TaskManagers.");

  public static final ConfigOption<String> MODEL_SHA256 =
      ConfigOptions.key("model.sha256")
          .stringType()
          .defaultValue("")
          .withDescription(
              "SHA-256 that the model file must have, in hex; without it, any file is accepted.");

  public static final ConfigOption<String> INSTRUCTIONS =
      ConfigOptions.key("instructions")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "What the model is told before each document. Give this or instructions-file.");

  public static final ConfigOption<String> INSTRUCTIONS_FILE =
      ConfigOptions.key("instructions-file")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "A text file with the instructions, on any file system that Flink knows; read where"
                  + " the statement is planned.");

  public static final ConfigOption<String> RESULT_SCHEMA =
      ConfigOptions.key("result-schema")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "An Avro schema that is the contract in place of the output columns, as a file on any"
                  + " file system that Flink knows; read where the statement is planned. Each"
                  + " output column is the field of its name.");

  public static final ConfigOption<String> RESULT_SCHEMA_SUBJECT =
      ConfigOptions.key("result-schema.subject")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "The same, as the latest version of a subject in a schema registry; needs"
                  + " schema-registry.url.");

  public static final ConfigOption<String> REGISTRY_URL =
      ConfigOptions.key("schema-registry.url")
          .stringType()
          .noDefaultValue()
          .withDescription("Address of the schema registry; several are separated by commas.");

  public static final ConfigOption<String> REGISTRY_USER =
      ConfigOptions.key("schema-registry.user")
          .stringType()
          .noDefaultValue()
          .withDescription("User or API key for the registry; needs schema-registry.password.");

  public static final ConfigOption<String> REGISTRY_PASSWORD =
      ConfigOptions.key("schema-registry.password")
          .stringType()
          .noDefaultValue()
          .withDescription("Password or API secret for the registry.");

  public static final ConfigOption<String> REGISTRY_TOKEN =
      ConfigOptions.key("schema-registry.token")
          .stringType()
          .noDefaultValue()
          .withDescription("Bearer token for the registry, in place of user and password.");

  public static final ConfigOption<String> REQUIRED =
      ConfigOptions.key("required")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Columns that always get a value although SQL lets them be NULL, separated by commas;"
                  + " * is all of them. A column that is NOT NULL always gets one.");

  public static final ConfigOption<ReasoningMode> REASONING =
      ConfigOptions.key("reasoning")
          .enumType(ReasoningMode.class)
          .defaultValue(ReasoningMode.OFF)
          .withDescription(
              "Whether the model thinks before it answers: off, always, or when-unsure, which is"
                  + " only where its least sure label has less probability than"
                  + " reasoning.threshold.");

  public static final ConfigOption<Double> REASONING_THRESHOLD =
      ConfigOptions.key("reasoning.threshold")
          .doubleType()
          .defaultValue(0.7)
          .withDescription("Probability under which when-unsure thinks; over 0 and at most 1.");

  public static final ConfigOption<Integer> REASONING_BUDGET =
      ConfigOptions.key("reasoning.budget")
          .intType()
          .defaultValue(512)
          .withDescription("Most tokens of reasoning for one document; 1 to 32768.");

  public static final ConfigOption<AnswerLayout> ANSWER_LAYOUT =
      ConfigOptions.key("answer.layout")
          .enumType(AnswerLayout.class)
          .defaultValue(AnswerLayout.OBJECT)
          .withDescription(
              "How the model writes its answer: object, or array, which takes fewer tokens; the"
                  + " rows look the same.");

  public static final ConfigOption<LongDocuments> LONG_DOCUMENTS =
      ConfigOptions.key("long-documents")
          .enumType(LongDocuments.class)
          .defaultValue(LongDocuments.REFUSE)
          .withDescription(
              "What becomes of a document that does not fit into the context: refuse, which is an"
                  + " error, truncate, or split, which merges the answers about its parts.");

  public static final ConfigOption<List<String>> MASKING_VALUES =
      ConfigOptions.key("masking.values")
          .stringType()
          .asList()
          .defaultValues()
          .withDescription(
              "What the model must not see: email, phone, card, iban, separated by semicolons.");

  public static final ConfigOption<String> MASKING_PHONE_REGION =
      ConfigOptions.key("masking.phone-region")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Country code, such as DE, whose phone numbers are found without +49 in front, too.");

  public static final ConfigOption<Boolean> MASKING_UNMASK_QUOTES =
      ConfigOptions.key("masking.unmask-quotes")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether quotes in answers hold the document's own words again, placeholders"
                  + " replaced.");

  public static final ConfigOption<Integer> SLOTS =
      ConfigOptions.key("slots")
          .intType()
          .defaultValue(8)
          .withDescription(
              "Documents that the model works on at the same time; 1 to 256. ML_PREDICT's"
                  + " max-concurrent-operations, 10 unless set, should be two to three times as"
                  + " many.");

  public static final ConfigOption<Integer> CONTEXT_TOKENS =
      ConfigOptions.key("context-tokens")
          .intType()
          .defaultValue(0)
          .withDescription(
              "KV cells that all prompts and answers share, in tokens; 0 derives them from the"
                  + " slots.");

  public static final ConfigOption<Integer> BATCH_TOKENS =
      ConfigOptions.key("batch-tokens")
          .intType()
          .defaultValue(512)
          .withDescription("Most tokens in one call of the model; 32 to 16384.");

  public static final ConfigOption<Integer> THREADS =
      ConfigOptions.key("threads")
          .intType()
          .defaultValue(0)
          .withDescription(
              "Compute threads; 0 leaves one core to Flink where there are more than two.");

  public static final ConfigOption<String> LIBRARY =
      ConfigOptions.key("library")
          .stringType()
          .defaultValue(LlamaCppSettings.AUTO_LIBRARY)
          .withDescription(
              "The build of llama.cpp: auto (the best installed, or else shipped), shipped, the"
                  + " name of an installed one, or the path of a libllama.");

  public static final ConfigOption<Integer> ANSWER_CACHE =
      ConfigOptions.key("answer-cache")
          .intType()
          .defaultValue(LlamaCppSettings.DEFAULT_ANSWER_CACHE)
          .withDescription(
              "Recent answers that are kept in memory for documents that come again, word for word;"
                  + " never more than about 32 MiB of them, which is some ten thousand of usual"
                  + " size; 0 computes every document anew.");

  public static final ConfigOption<Lane> LANE =
      ConfigOptions.key("lane")
          .enumType(Lane.class)
          .defaultValue(Lane.LIVE)
          .withDescription(
              "Class of service: live, or backfill, which waits for live documents of the same"
                  + " engine.");

  public static final ConfigOption<Duration> DEADLINE =
      ConfigOptions.key("deadline")
          .durationType()
          .defaultValue(Duration.ofMinutes(2))
          .withDescription(
              "Time that a document has, queue and all attempts included. With ten seconds more, it"
                  + " must stay under ML_PREDICT's timeout, 3 min unless set.");

  public static final ConfigOption<ErrorHandlingStrategy> ERROR_HANDLING_STRATEGY =
      ConfigOptions.key("error-handling-strategy")
          .enumType(ErrorHandlingStrategy.class)
          .defaultValue(ErrorHandlingStrategy.RETRY)
          .withDescription(
              "What becomes of a document that has no answer: retry, which asks the engine again"
                  + " where that may help and then leaves it to retry-fallback-strategy, failover,"
                  + " which fails the job, or ignore, which leaves the row out or, with"
                  + " error-column, lets it come out with the reason.");

  public static final ConfigOption<Integer> RETRY_NUM =
      ConfigOptions.key("retry-num")
          .intType()
          .defaultValue(1)
          .withDescription(
              "How often the engine is asked again, under the strategy retry, where a fault may"
                  + " pass.");

  public static final ConfigOption<Duration> RETRY_BACKOFF =
      ConfigOptions.key("retry-backoff")
          .durationType()
          .defaultValue(Duration.ofSeconds(1))
          .withDescription("Pause before the engine is asked again.");

  public static final ConfigOption<RetryFallbackStrategy> RETRY_FALLBACK_STRATEGY =
      ConfigOptions.key("retry-fallback-strategy")
          .enumType(RetryFallbackStrategy.class)
          .defaultValue(RetryFallbackStrategy.FAILOVER)
          .withDescription(
              "What comes after the last attempt under the strategy retry: failover or ignore, as"
                  + " for error-handling-strategy.");

  public static final ConfigOption<String> ERROR_COLUMN =
      ConfigOptions.key("error-column")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Output column, STRING, that tells why a document has no answer, as REASON: message;"
                  + " NULL where there is one. Under ignore, such rows then come out instead of"
                  + " being left out.");

  public static final ConfigOption<String> CONFIDENCE_COLUMN =
      ConfigOptions.key("confidence-column")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Output column, MAP<STRING, DOUBLE>, that holds the model's probability of the label"
                  + " of each closed field.");

  public static final ConfigOption<String> REASONING_COLUMN =
      ConfigOptions.key("reasoning-column")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Output column, STRING, that holds what the model thought; NULL where it did not.");

  public static final ConfigOption<String> ID_COLUMN =
      ConfigOptions.key("id-column")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Input column, STRING, that holds the id of a document, for logs and errors; the"
                  + " other input column is the text. Without it, a hash of the text is the id.");

  private static final List<ConfigOption<?>> ALL =
      List.of(
          MODEL,
          MODEL_SHA256,
          INSTRUCTIONS,
          INSTRUCTIONS_FILE,
          RESULT_SCHEMA,
          RESULT_SCHEMA_SUBJECT,
          REGISTRY_URL,
          REGISTRY_USER,
          REGISTRY_PASSWORD,
          REGISTRY_TOKEN,
          REQUIRED,
          REASONING,
          REASONING_THRESHOLD,
          REASONING_BUDGET,
          ANSWER_LAYOUT,
          LONG_DOCUMENTS,
          MASKING_VALUES,
          MASKING_PHONE_REGION,
          MASKING_UNMASK_QUOTES,
          SLOTS,
          CONTEXT_TOKENS,
          BATCH_TOKENS,
          THREADS,
          LIBRARY,
          ANSWER_CACHE,
          LANE,
          DEADLINE,
          ERROR_HANDLING_STRATEGY,
          RETRY_NUM,
          RETRY_BACKOFF,
          RETRY_FALLBACK_STRATEGY,
          ERROR_COLUMN,
          CONFIDENCE_COLUMN,
          REASONING_COLUMN,
          ID_COLUMN);

  private SqlModelOptions() {}

  /** Every option, in the order of the reference page. */
  public static List<ConfigOption<?>> all() {
    return ALL;
  }
}
