package io.kaiseki.pipelines.analysis;

import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.openai.OpenAiSettings;
import io.kaiseki.pipelines.config.ValueForm;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The settings that {@code analysis.yaml} knows. Any other key in the file is a problem. */
public final class AnalysisKeys {

  static final String LONG_REFUSE = "refuse";
  static final String LONG_TRUNCATE = "truncate";
  static final String LONG_SPLIT = "split";
  static final String REASONING_KEEP = "keep";
  static final String REASONING_DROP = "drop";
  static final String LAYOUT_OBJECT = "object";
  static final String LAYOUT_ARRAY = "array";
  static final String REASONING_OFF = "off";
  static final String REASONING_ALWAYS = "always";
  static final String REASONING_WHEN_UNSURE = "when-unsure";

  public static final AnalysisKey<String> NAME =
      AnalysisKey.optional(
          "name",
          ValueForm.name(),
          "Stable name of the analysis; without it, the name of its folder.");

  public static final AnalysisKey<String> TITLE =
      AnalysisKey.optional(
          "title", ValueForm.text(), "Name for people; without it, the name of the analysis.");

  public static final AnalysisKey<String> DESCRIPTION =
      AnalysisKey.withDefault(
          "description", ValueForm.text(), "", "What the analysis is for, for people.");

  public static final AnalysisKey<String> TOPIC_DOCUMENTS =
      AnalysisKey.required(
          "topics.documents", ValueForm.topic(), "Topic that the documents are read from.");

  public static final AnalysisKey<String> TOPIC_RESULTS =
      AnalysisKey.required(
          "topics.results", ValueForm.topic(), "Topic that the results are written to.");

  public static final AnalysisKey<String> TOPIC_DEAD_LETTERS =
      AnalysisKey.required(
          "topics.dead-letters",
          ValueForm.topic(),
          "Topic for the documents that have no result, with the reason.");

  public static final AnalysisKey<String> MODEL_FILE =
      AnalysisKey.optional(
          "model.file",
          ValueForm.text(),
          "GGUF file; a relative path is looked up in the folder of the analysis, then in the"
              + " working directory.");

  public static final AnalysisKey<String> MODEL_SHA256 =
      AnalysisKey.withDefault(
          "model.sha256",
          ValueForm.sha256(),
          "",
          "SHA-256 that the model file must have; without it, any file is accepted.");

  public static final AnalysisKey<Integer> MODEL_SLOTS =
      AnalysisKey.withDefault(
          "model.slots",
          ValueForm.integer(1, 256),
          8,
          "Documents that the model works on at the same time.");

  public static final AnalysisKey<Integer> MODEL_CONTEXT_TOKENS =
      AnalysisKey.withDefault(
          "model.context-tokens",
          ValueForm.integer(0, 1 << 22),
          0,
          "KV cells that all prompts and answers share, in tokens; 0 derives them from the slots.");

  public static final AnalysisKey<Integer> MODEL_BATCH_TOKENS =
      AnalysisKey.withDefault(
          "model.batch-tokens",
          ValueForm.integer(32, 16_384),
          512,
          "Most tokens in one call of the model.");

  public static final AnalysisKey<Integer> MODEL_THREADS =
      AnalysisKey.withDefault(
          "model.threads",
          ValueForm.integer(0, 1024),
          0,
          "Compute threads; 0 leaves one core to Flink and Kafka where there are more than two.");

  public static final AnalysisKey<String> MODEL_LIBRARY =
      AnalysisKey.withDefault(
          "model.library",
          ValueForm.text(),
          LlamaCppSettings.AUTO_LIBRARY,
          "The build of llama.cpp: auto (the best installed, or else shipped), shipped, the name of"
              + " an installed one, or the path of a libllama.");

  public static final AnalysisKey<Integer> MODEL_ANSWER_CACHE =
      AnalysisKey.withDefault(
          "model.answer-cache",
          ValueForm.integer(0, 1_000_000),
          LlamaCppSettings.DEFAULT_ANSWER_CACHE,
          "Recent answers kept for documents that come again word for word, where no reasoning went"
              + " into them; at most 32 MiB of them. 0 computes every document anew.");

  /** A model that servers have, in place of a file. */
  static final RemoteKeys MODEL_REMOTE = RemoteKeys.under("model", "the model");

  /** A second model, for what the first is unsure of. */
  static final RemoteKeys CASCADE_REMOTE = RemoteKeys.under("cascade", "the second model");

  public static final AnalysisKey<String> MODEL_ENDPOINT = MODEL_REMOTE.endpoint();
  public static final AnalysisKey<String> MODEL_NAME = MODEL_REMOTE.name();
  public static final AnalysisKey<String> CASCADE_ENDPOINT = CASCADE_REMOTE.endpoint();

  public static final AnalysisKey<Double> CASCADE_THRESHOLD =
      AnalysisKey.optional(
          "cascade.threshold",
          ValueForm.probability(),
          "The second model is asked where the first one's least sure label has less probability"
              + " than this; required with cascade.endpoint.");

  public static final AnalysisKey<Integer> CASCADE_SLOTS =
      AnalysisKey.withDefault(
          "cascade.slots",
          ValueForm.integer(1, 256),
          OpenAiSettings.DEFAULT_SLOTS,
          "Documents that the second model is asked about at the same time.");

  public static final AnalysisKey<String> REASONING_POLICY =
      AnalysisKey.withDefault(
          "reasoning.policy",
          ValueForm.oneOf(REASONING_OFF, REASONING_ALWAYS, REASONING_WHEN_UNSURE),
          REASONING_OFF,
          "Whether the model thinks before it answers: off, always, or only where it is unsure.");

  public static final AnalysisKey<Integer> REASONING_BUDGET =
      AnalysisKey.optional(
          "reasoning.budget",
          ValueForm.integer(1, 32_768),
          "Most tokens of reasoning for one document; required by every policy but off.");

  public static final AnalysisKey<Double> REASONING_THRESHOLD =
      AnalysisKey.optional(
          "reasoning.threshold",
          ValueForm.probability(),
          "Under the policy when-unsure, the model thinks where its least sure label has less"
              + " probability than this; required by that policy.");

  public static final AnalysisKey<String> REASONING_OUTPUT =
      AnalysisKey.withDefault(
          "reasoning.output",
          ValueForm.oneOf(REASONING_KEEP, REASONING_DROP),
          REASONING_KEEP,
          "Whether results hold what the model thought; drop leaves it out of the results topic.");

  public static final AnalysisKey<String> ANSWER_LAYOUT =
      AnalysisKey.withDefault(
          "answer.layout",
          ValueForm.oneOf(LAYOUT_OBJECT, LAYOUT_ARRAY),
          LAYOUT_OBJECT,
          "How the model writes its answer: a JSON object, or an array of the values alone, which"
              + " takes fewer tokens; results look the same.");

  public static final AnalysisKey<Duration> LIMIT_DEADLINE =
      AnalysisKey.withDefault(
          "limits.deadline",
          ValueForm.duration(Duration.ofMillis(100), Duration.ofHours(24)),
          Duration.ofMinutes(2),
          "Time from reading a document to its result; past it, the document is a dead letter.");

  public static final AnalysisKey<Integer> LIMIT_DOCUMENT_CHARACTERS =
      AnalysisKey.optional(
          "limits.document-characters",
          ValueForm.integer(1, Integer.MAX_VALUE),
          "Longest document, in UTF-16 characters; without it, only the model's context limits"
              + " it.");

  public static final AnalysisKey<String> LONG_DOCUMENTS =
      AnalysisKey.withDefault(
          "long-documents",
          ValueForm.oneOf(LONG_REFUSE, LONG_TRUNCATE, LONG_SPLIT),
          LONG_REFUSE,
          "What becomes of a document that does not fit into the context: a dead letter, an answer"
              + " about its beginning, or one merged from its parts.");

  public static final AnalysisKey<String> MASKING_VALUES =
      AnalysisKey.optional(
          "masking.values",
          ValueForm.text(),
          "What the model must not see: a list of email, phone, card, iban and own {name,"
              + " pattern}.");

  public static final AnalysisKey<String> MASKING_PHONE_REGION =
      AnalysisKey.withDefault(
          "masking.phone-region",
          ValueForm.text(),
          "",
          "Country code, such as DE, whose phone numbers are found without +49 in front, too.");

  public static final AnalysisKey<Boolean> MASKING_UNMASK_QUOTES =
      AnalysisKey.withDefault(
          "masking.unmask-quotes",
          ValueForm.bool(),
          false,
          "Whether quotes in answers hold the document's own words again, placeholders replaced.");

  public static final AnalysisKey<Boolean> ORDERED =
      AnalysisKey.withDefault(
          "ordered",
          ValueForm.bool(),
          false,
          "Whether results keep the order of their documents; a slow document then holds up those"
              + " behind it.");

  private static final List<AnalysisKey<?>> ALL =
      List.of(
          NAME,
          TITLE,
          DESCRIPTION,
          TOPIC_DOCUMENTS,
          TOPIC_RESULTS,
          TOPIC_DEAD_LETTERS,
          MODEL_FILE,
          MODEL_SHA256,
          MODEL_SLOTS,
          MODEL_CONTEXT_TOKENS,
          MODEL_BATCH_TOKENS,
          MODEL_THREADS,
          MODEL_LIBRARY,
          MODEL_ANSWER_CACHE,
          MODEL_ENDPOINT,
          MODEL_NAME,
          MODEL_REMOTE.apiKey(),
          MODEL_REMOTE.maxTokens(),
          MODEL_REMOTE.reasoningEffort(),
          CASCADE_ENDPOINT,
          CASCADE_REMOTE.name(),
          CASCADE_REMOTE.apiKey(),
          CASCADE_REMOTE.maxTokens(),
          CASCADE_REMOTE.reasoningEffort(),
          CASCADE_THRESHOLD,
          CASCADE_SLOTS,
          REASONING_POLICY,
          REASONING_BUDGET,
          REASONING_THRESHOLD,
          REASONING_OUTPUT,
          ANSWER_LAYOUT,
          LIMIT_DEADLINE,
          LIMIT_DOCUMENT_CHARACTERS,
          LONG_DOCUMENTS,
          MASKING_VALUES,
          MASKING_PHONE_REGION,
          MASKING_UNMASK_QUOTES,
          ORDERED);

  /** Keys whose values may be lists; they are handed on as JSON. */
  private static final Set<AnalysisKey<?>> LISTS =
      Set.of(MASKING_VALUES, MODEL_ENDPOINT, CASCADE_ENDPOINT);

  private static final List<AnalysisKey<?>> REASONING =
      List.of(REASONING_POLICY, REASONING_BUDGET, REASONING_THRESHOLD);

  private AnalysisKeys() {}

  static boolean takesList(AnalysisKey<?> key) {
    return LISTS.contains(key);
  }

  /** Every key, in the order of the reference page. */
  public static List<AnalysisKey<?>> all() {
    return ALL;
  }

  /** The keys that a {@code calibration.yaml} beside the file decides, where there is one. */
  static List<AnalysisKey<?>> reasoning() {
    return REASONING;
  }
}
