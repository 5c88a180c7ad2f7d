package io.kaiseki.inference.flink;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.telemetry.DocumentTrace;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;
import org.apache.flink.util.function.SerializableFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends every document of a stream through an engine and gives back typed answers.
 *
 * <pre>{@code
 * InferenceStreams<Ticket> triaged =
 *     AsyncInference.<Ticket>builder()
 *         .analysis(triage).engine(engine).documentId(Ticket::id).text(Ticket::body)
 *         .build().apply(tickets);
 * triaged.answered().sinkTo(results);
 * triaged.failed().sinkTo(deadLetters);
 * }</pre>
 *
 * <p><b>Delivery.</b> Documents in flight are part of the operator's state: after a recovery the
 * model is asked again, and with transactional sinks each document shows up exactly once.
 *
 * <p><b>Event time.</b> A watermark does not overtake the documents before it, in either order of
 * output. One slow document holds event time back, but no longer than its {@linkplain
 * Builder#deadline deadline} plus ten seconds, whatever the engine does.
 *
 * <p><b>Checkpoints.</b> While the operator holds {@linkplain Builder#capacity capacity} documents
 * and one more has arrived, Flink can't take a barrier in until one of them ends. Where the input
 * is chained to the operator, or checkpoints are unaligned, a checkpoint waits for that one
 * document; an aligned barrier that travels through a network exchange waits for every document
 * buffered in front of it. The checkpoint timeout must leave room for that.
 *
 * @param <T> type of the document
 */
public final class AsyncInference<T> implements Serializable {

  private static final long serialVersionUID = 1L;

  /**
   * How long after its deadline a document is given up by the operator itself, should the engine
   * not have done so. Longer than a large prefill step, so that the engine's own account of what
   * happened normally wins.
   */
  public static final Duration DEADLINE_GRACE = Duration.ofSeconds(10);

  private final InferenceOptions<T> options;
  private final boolean ordered;
  private final @Nullable Integer parallelism;
  private final String name;
  private final String uid;

  private AsyncInference(Builder<T> builder, InferenceOptions<T> options) {
    this.options = options;
    this.ordered = builder.ordered;
    this.parallelism = builder.parallelism;
    this.name = builder.name != null ? builder.name : "analyse " + options.analysis().name();
    this.uid = builder.uid != null ? builder.uid : "inference-" + options.analysis().name();
  }

  /** Starts with the defaults; analysis, engine, document id and text have none. */
  public static <T> Builder<T> builder() {
    return new Builder<>();
  }

  /**
   * Adds the operator to a job. Called while the job graph is built; no engine is started here.
   *
   * @param documents the documents; their type information serializes those in flight
   */
  public InferenceStreams<T> apply(DataStream<T> documents) {
    TypeInformation<T> inputType = documents.getType();
    var function = new InferenceFunction<>(options, inputType);
    long backstop = options.deadline().plus(options.grace()).toMillis();
    SingleOutputStreamOperator<Inferred<T, Outcome>> outcomes =
        ordered
            ? AsyncDataStream.orderedWait(
                documents, function, backstop, TimeUnit.MILLISECONDS, options.capacity())
            : AsyncDataStream.unorderedWait(
                documents, function, backstop, TimeUnit.MILLISECONDS, options.capacity());
    OutputTag<Inferred<T, Outcome.Failed>> failed =
        new OutputTag<>("failed", InferredTypeInfo.failed(inputType, options.analysis()));
    SingleOutputStreamOperator<Inferred<T, Outcome.Answered>> answered =
        outcomes
            .process(
                new SplitByOutcome<>(failed),
                InferredTypeInfo.answered(inputType, options.analysis()))
            .name(name + ": answered or failed")
            .uid(uid + "-split");
    outcomes.name(name).uid(uid);
    if (parallelism != null) {
      outcomes.setParallelism(parallelism);
      answered.setParallelism(parallelism);
    }
    return new InferenceStreams<>(answered, answered.getSideOutput(failed));
  }

  /**
   * Starts the same analysis inside a function of the caller's own: same engine, same retries, same
   * deadlines, but no stream around it. Called where the function is opened; order of output,
   * parallelism, name and uid do not matter.
   *
   * @param metrics where the metrics go
   * @param task the task that the function runs in
   * @throws InferenceUnavailableException if the engine can't start
   */
  public InferenceCalls<T> open(MetricGroup metrics, TaskInfo task) {
    return new InferenceCalls<>(
        InferenceSession.open(
            options,
            metrics,
            Clock.systemUTC(),
            task.getTaskName(),
            task.getTaskNameWithSubtasks()));
  }

  /** What travels to the subtasks. */
  InferenceOptions<T> options() {
    return options;
  }

  /**
   * Collects the options. Nothing is checked before {@link #build()}, which reports all problems
   * together.
   */
  public static final class Builder<T> {

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int DEFAULT_SLOTS = 8;
    private static final int DOCUMENTS_PER_SLOT = 3;

    private @Nullable Analysis analysis;
    private @Nullable EngineSource engine;
    private @Nullable SerializableFunction<? super T, String> documentId;
    private @Nullable SerializableFunction<? super T, String> text;
    private SerializableFunction<? super T, Lane> lane = document -> Lane.LIVE;
    private @Nullable SerializableFunction<? super T, DocumentTrace> trace;
    private Duration deadline = Duration.ofMinutes(2);
    private Duration grace = DEADLINE_GRACE;
    private int slots = DEFAULT_SLOTS;
    private @Nullable Integer capacity;
    private int maxAttempts = 2;
    private Duration backoff = Duration.ofSeconds(1);
    private boolean ordered;
    private @Nullable Integer parallelism;
    private @Nullable String name;
    private @Nullable String uid;

    private Builder() {}

    /** What is asked of every document. */
    public Builder<T> analysis(Analysis analysis) {
      this.analysis = analysis;
      return this;
    }

    /** Where each subtask gets its engine from. It is serialized into the job. */
    public Builder<T> engine(EngineSource engine) {
      this.engine = engine;
      return this;
    }

    /** The id of a document, for logs and provenance; called on the task's thread. */
    public Builder<T> documentId(SerializableFunction<? super T, String> documentId) {
      this.documentId = documentId;
      return this;
    }

    /**
     * The text of a document as the model shall see it; called on the task's thread. A document for
     * which this function throws or gives null fails; the job goes on.
     */
    public Builder<T> text(SerializableFunction<? super T, String> text) {
      this.text = text;
      return this;
    }

    /** The class of service of all documents; default {@link Lane#LIVE}. */
    public Builder<T> lane(Lane lane) {
      return lane(document -> lane);
    }

    /** The class of service of each document; called on the task's thread. */
    public Builder<T> lane(SerializableFunction<? super T, Lane> lane) {
      this.lane = lane;
      return this;
    }

    /**
     * The span of each document, which continues the trace that the document came with; called on
     * the task's thread. By default it begins a trace and is called {@code analyse} and the
     * analysis' name. Nothing is recorded unless the process has set OpenTelemetry up.
     */
    public Builder<T> trace(SerializableFunction<? super T, DocumentTrace> trace) {
      this.trace = trace;
      return this;
    }

    /**
     * The time a document has from its arrival at the operator, the engine's queue and all attempts
     * included; default 2 minutes. After a recovery it starts anew.
     */
    public Builder<T> deadline(Duration deadline) {
      this.deadline = deadline;
      return this;
    }

    /** Another {@link #DEADLINE_GRACE}, for tests that wait for it. */
    Builder<T> grace(Duration grace) {
      this.grace = grace;
      return this;
    }

    /** Emits documents as they end, the default. Watermarks are still not overtaken. */
    public Builder<T> unordered() {
      this.ordered = false;
      return this;
    }

    /** Emits documents in the order in which they arrived; a slow one holds up those behind it. */
    public Builder<T> ordered() {
      this.ordered = true;
      return this;
    }

    /**
     * How many completions the engine runs at the same time; default 8. Only the default of {@link
     * #capacity} follows from it.
     */
    public Builder<T> slots(int slots) {
      this.slots = slots;
      return this;
    }

    /**
     * Most documents that one subtask holds at the same time, in the engine and waiting for it;
     * default three times the slots. Fewer than the slots leaves slots idle; many more make
     * checkpoints larger and let documents spend their deadline in the queue.
     */
    public Builder<T> capacity(int capacity) {
      this.capacity = capacity;
      return this;
    }

    /**
     * How a document is tried again when the engine failed on it; default 2 attempts, 1 second
     * apart. No attempt starts after the deadline.
     *
     * @param maxAttempts how often the engine is asked at most; 1 never tries again
     * @param backoff pause before the next attempt; zero or longer
     */
    public Builder<T> retries(int maxAttempts, Duration backoff) {
      this.maxAttempts = maxAttempts;
      this.backoff = backoff;
      return this;
    }

    /**
     * Subtasks of the operator; default that of the environment. Subtasks in one process share one
     * engine, so one per TaskManager is usually enough.
     */
    public Builder<T> parallelism(int parallelism) {
      this.parallelism = parallelism;
      return this;
    }

    /** Name of the operator in Flink's web page; default {@code analyse} and the analysis' name. */
    public Builder<T> name(String name) {
      this.name = name;
      return this;
    }

    /**
     * Identity of the operator's state in savepoints; default {@code inference-} and the analysis'
     * name. A job that uses an analysis twice must name both.
     */
    public Builder<T> uid(String uid) {
      this.uid = uid;
      return this;
    }

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException naming every option that is missing or out of range
     */
    public AsyncInference<T> build() {
      List<String> problems = new ArrayList<>();
      require(problems, analysis != null, "analysis", "given", "missing");
      require(problems, engine != null, "engine", "given", "missing");
      require(problems, documentId != null, "documentId", "given", "missing");
      require(problems, text != null, "text", "given", "missing");
      require(
          problems,
          deadline.compareTo(Duration.ofMillis(1)) >= 0 && deadline.compareTo(LONGEST) <= 0,
          "deadline",
          "from 1 ms to 365 days",
          deadline);
      require(problems, slots >= 1, "slots", "at least 1", slots);
      require(problems, capacity == null || capacity >= 1, "capacity", "at least 1", capacity);
      require(problems, maxAttempts >= 1, "retries(maxAttempts)", "at least 1", maxAttempts);
      require(
          problems,
          !backoff.isNegative() && backoff.compareTo(LONGEST) <= 0,
          "retries(backoff)",
          "from 0 to 365 days",
          backoff);
      require(
          problems,
          parallelism == null || parallelism >= 1,
          "parallelism",
          "at least 1",
          parallelism);
      require(problems, name == null || !name.isBlank(), "name", "some text", name);
      require(problems, uid == null || !uid.isBlank(), "uid", "some text", uid);
      if (analysis == null
          || engine == null
          || documentId == null
          || text == null
          || !problems.isEmpty()) {
        throw new IllegalArgumentException(
            "AsyncInference can't be built: " + String.join("; ", problems));
      }
      return new AsyncInference<>(
          this,
          new InferenceOptions<>(
              analysis,
              engine,
              documentId,
              text,
              lane,
              trace != null ? trace : beginning("analyse " + analysis.name()),
              capacity(),
              deadline,
              grace,
              maxAttempts,
              backoff));
    }

    private static <T> SerializableFunction<T, DocumentTrace> beginning(String name) {
      return document -> DocumentTrace.begin(name);
    }

    private int capacity() {
      return capacity != null ? capacity : Math.multiplyExact(slots, DOCUMENTS_PER_SLOT);
    }

    private static void require(
        List<String> problems, boolean holds, String option, String expected, @Nullable Object is) {
      if (!holds) {
        problems.add(option + " must be " + expected + ", but is " + is);
      }
    }
  }
}
