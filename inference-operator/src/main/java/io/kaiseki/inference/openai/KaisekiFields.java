package io.kaiseki.inference.openai;

/**
 * Names that {@code kaiseki serve} adds to OpenAI's API, each within an object called {@value
 * #NAME}: what the API has no words for. Clients and servers that do not know them lose nothing
 * else.
 */
public final class KaisekiFields {

  /** The object in a request, in a reply, and in a model of the list of models. */
  public static final String NAME = "kaiseki";

  /** Request: name of the analysis, a line of up to 100 characters; {@code chat} if absent. */
  public static final String ANALYSIS = "analysis";

  /** Request: version of the analysis. */
  public static final String VERSION = "version";

  /** Request: the Avro schema of the answer, in place of the JSON schema. */
  public static final String SCHEMA = "schema";

  /** Request: how the model writes the answer, in lower case. */
  public static final String LAYOUT = "layout";

  /** Request: most tokens of reasoning, up to 32768; 0 or absent turns it off. */
  public static final String BUDGET = "reasoning_budget";

  /** Request: think only where the least sure label has less probability. */
  public static final String THRESHOLD = "reasoning_threshold";

  /** Request: class of service, {@code live} or {@code backfill}. */
  public static final String LANE = "lane";

  /** Request: milliseconds after which nobody waits for the answer. */
  public static final String DEADLINE = "deadline_ms";

  /**
   * Request: true to have the answer computed, and neither taken from an identical document nor
   * kept for one, as measurements need it. Absent is false. A Kaiseki that does not know it may
   * answer from memory.
   */
  public static final String FRESH = "fresh";

  /** Reply: one object for each closed field. */
  public static final String CONFIDENCES = "confidences";

  public static final String FIELD = "field";
  public static final String LABEL = "label";
  public static final String PROBABILITY = "probability";
  public static final String DISTRIBUTION = "distribution";
  public static final String ABSTAINED = "abstained";

  /** Reply: how the completion ended. */
  public static final String FINISH = "finish";

  /** Reply: whether the answer is that of an identical document. */
  public static final String REUSED = "reused";

  /** Reply: tokens of the prompt that are the same for all documents. */
  public static final String PREFIX_TOKENS = "prefix_tokens";

  /** Reply: tokens of the answer that needed no sampling. */
  public static final String FORCED_TOKENS = "forced_tokens";

  /** Reply: milliseconds in the server's queue, and to the first token. */
  public static final String QUEUED = "queued_ms";

  public static final String FIRST_TOKEN = "first_token_ms";

  /** Model: the engine's build. */
  public static final String BUILD = "build";

  /** Model: SHA-256 of its file. */
  public static final String SHA256 = "sha256";

  /** Model: KV cells that prompts and answers share. */
  public static final String CONTEXT = "context_tokens";

  /** Model: documents that it works on at the same time. */
  public static final String SLOTS = "slots";

  private KaisekiFields() {}
}
