package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.DocumentMeter;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.contract.KeptRows;
import io.kaiseki.inference.contract.VocabularyIndex;
import io.kaiseki.inference.gguf.ByteProgress;
import io.kaiseki.inference.gguf.FileDigest;
import io.kaiseki.inference.gguf.InvalidModelFileException;
import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.inference.journal.JournalEntry;
import io.kaiseki.inference.prompt.MarkerNeutralizer;
import io.kaiseki.inference.prompt.R1Prompt;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model that is ready to run: native handles, vocabulary, and what is known of each analysis. */
final class LoadedModel implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LoadedModel.class);

  /** Characters that one token can stand for at most in any text worth analysing. */
  private static final int CHARACTERS_PER_TOKEN = 32;

  /** Plans of analyses that are kept; more than prefixes, since a plan takes less. */
  private static final int PLANS = 4 * Admission.PREFIXES;

  private final NativeModel model;
  private final NativeContext context;
  private final Scheduler scheduler;
  private final EngineDescription description;
  private final VocabularyIndex index;
  private final MarkerNeutralizer neutralizer;
  private final int trainedPositions;
  private final RecentlyUsed<Analysis, AnalysisPlan> plans =
      new RecentlyUsed<>(PLANS, PLANS, plan -> 1, AnalysisPlan::inUse);
  private final KeptRows keptRows = new KeptRows();

  private LoadedModel(
      LlamaCppSettings settings,
      NativeModel model,
      String sha256,
      EngineCounters counters,
      SharedAnswers answers) {
    this.model = model;
    LlamaVocabulary vocabulary = model.vocabulary();
    LlamaApi api = model.library().api();
    int endOfReasoning = marker(settings, vocabulary, R1Prompt.END_THINK);
    marker(settings, vocabulary, R1Prompt.THINK);
    marker(settings, vocabulary, R1Prompt.USER);
    marker(settings, vocabulary, R1Prompt.ASSISTANT);
    index = new VocabularyIndex(vocabulary);
    neutralizer = new MarkerNeutralizer(vocabulary.markers());
    trainedPositions = api.llama_model_n_ctx_train(model.handle());
    ReasoningSampler sampler = new ReasoningSampler(reasoningTokens(vocabulary, endOfReasoning));
    context =
        new NativeContext(
            model,
            ModelMemory.contextTokens(settings),
            settings.batchTokens(),
            Scheduler.sequences(settings.slots()),
            settings.computeThreads());
    try {
      scheduler =
          new Scheduler(
              context, vocabulary, sampler, endOfReasoning, settings.slots(), counters, answers);
      description =
          new EngineDescription(
              "llama.cpp",
              model.library().build(),
              String.valueOf(Path.of(settings.modelFile()).getFileName()),
              sha256,
              settings.slots(),
              context.cells());
    } catch (RuntimeException | Error e) {
      // Before its model, which whoever has opened it closes.
      context.close();
      throw e;
    }
    LOG.info(
        "event=engine-started model={} sha256={} build={} slots={} contextTokens={} threads={}",
        description.model(),
        sha256,
        description.build(),
        settings.slots(),
        context.cells(),
        settings.computeThreads());
  }

  /**
   * Checks the file in Java, then loads it. Runs on the engine's thread.
   *
   * @param hashing hears how far the SHA-256 of the file is; what it throws ends the loading
   * @throws EngineUnavailableException if the file or the library can't be used
   */
  static LoadedModel load(
      LlamaCppSettings settings,
      EngineCounters counters,
      SharedAnswers answers,
      ByteProgress hashing) {
    Path file = Path.of(settings.modelFile());
    ModelFile checked;
    String sha256;
    try {
      if (settings.modelSha256().isEmpty()) {
        checked = ModelFile.open(file);
        sha256 = FileDigest.sha256(file, hashing);
      } else {
        checked = ModelFile.open(file, settings.modelSha256(), hashing);
        sha256 = settings.modelSha256();
      }
    } catch (InvalidModelFileException | IllegalArgumentException e) {
      throw new EngineUnavailableException("model.file: " + e.getMessage(), e);
    }
    LlamaLibrary library = LlamaLibrary.load(settings.library());
    ModelMemory.shortage(settings, checked, library.layout().cells())
        .ifPresent(
            shortage -> {
              throw new EngineUnavailableException(
                  "model.file = " + settings.modelFile() + " " + shortage);
            });
    library
        .unsupported(checked.hyperparameters().architecture())
        .ifPresent(
            problem -> {
              throw new EngineUnavailableException(
                  "model.file = " + settings.modelFile() + " " + problem);
            });
    NativeModel model = new NativeModel(library, checked);
    try {
      return new LoadedModel(settings, model, sha256, counters, answers);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  private static int marker(LlamaCppSettings settings, LlamaVocabulary vocabulary, String text) {
    int[] tokens = vocabulary.marker(text);
    if (tokens.length != 1) {
      throw new EngineUnavailableException(
          "model.file = "
              + settings.modelFile()
              + " has no token "
              + text
              + ", so it does not speak DeepSeek-R1's chat format; use a DeepSeek-R1 model or one"
              + " of its distillations");
    }
    return tokens[0];
  }

  private static boolean[] reasoningTokens(LlamaVocabulary vocabulary, int endOfReasoning) {
    boolean[] allowed = new boolean[vocabulary.size()];
    for (int token = 0; token < allowed.length; token++) {
      allowed[token] = vocabulary.bytes(token).length > 0;
    }
    allowed[endOfReasoning] = true;
    return allowed;
  }

  EngineDescription description() {
    return description;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /**
   * Turns a flight's document into tokens; called on the submitter's thread.
   *
   * @param ready takes the prepared request
   * @return why it can't run; empty if it can
   */
  Optional<Outcome.Failed> prepare(Flight flight, Consumer<PendingRequest> ready) {
    AnalysisPlan plan;
    try {
      plan = plan(flight.first().request().analysis());
    } catch (IllegalArgumentException e) {
      return refused(FailureReason.REFUSED, String.valueOf(e.getMessage()));
    }
    DocumentRoom room = room(plan);
    String text = flight.first().request().document();
    if (text.length() > Math.max(0, room.tokens()) * CHARACTERS_PER_TOKEN) {
      return refused(FailureReason.TOO_LONG, room.tooLong(text.length() + " characters"));
    }
    int[] document = tokenize(neutralizer.neutralize(text), flight.first().entry());
    if (document.length > room.tokens()) {
      return refused(FailureReason.TOO_LONG, room.tooLong(document.length + " tokens"));
    }
    for (int token : document) {
      if (model.vocabulary().special(token)) {
        return refused(
            FailureReason.REFUSED,
            "the document would become control token " + token + " of the model");
      }
    }
    int[] tokens = Arrays.copyOf(document, document.length + plan.suffix().length);
    System.arraycopy(plan.suffix(), 0, tokens, document.length, plan.suffix().length);
    PendingRequest pending =
        new PendingRequest(
            flight,
            flight.mostUrgent(),
            plan,
            tokens,
            plan.quotes(text, document, model.vocabulary()::bytes),
            Math.toIntExact(document.length + plan.tokensAfterDocument()));
    plan.enter();
    ready.accept(pending);
    return Optional.empty();
  }

  private DocumentRoom room(AnalysisPlan plan) {
    return new DocumentRoom(
        scheduler.capacity(), trainedPositions, plan.prefix().length, plan.tokensAfterDocument());
  }

  /** Why no document of an analysis can ever run, and what to do; empty if one can. */
  Optional<String> unsupported(Analysis analysis) {
    String named = "analysis " + analysis.name() + " ";
    try {
      return room(plan(analysis)).unsupported().map(named::concat);
    } catch (IllegalArgumentException e) {
      return Optional.of(named + "can't be run: " + e.getMessage());
    }
  }

  /**
   * Measures documents of an analysis. No journal is told: what is measured has been refused as too
   * long before, and the tokenizer is given it in the same short pieces as ever.
   *
   * @throws IllegalArgumentException if the analysis can't be run
   */
  DocumentMeter meter(Analysis analysis) {
    AnalysisPlan plan = plan(analysis);
    int room = (int) Math.max(0, room(plan).tokens());
    int cells = scheduler.capacity() - plan.prefix().length;
    int sharedRoom =
        (int) Math.max(0, Math.min(room, cells / description.slots() - plan.tokensAfterDocument()));
    return new DocumentMeter() {
      @Override
      public int room() {
        return room;
      }

      @Override
      public int sharedRoom() {
        return sharedRoom;
      }

      @Override
      public int tokens(String text) {
        return model.vocabulary().tokenize(neutralizer.neutralize(text)).length;
      }
    };
  }

  /** Tokenising is native code too. */
  private int[] tokenize(String text, JournalEntry entry) {
    entry.enter();
    try {
      return model.vocabulary().tokenize(text);
    } finally {
      entry.leave();
    }
  }

  /** Made outside of the lock: two threads may make the same, and one of them is kept. */
  private AnalysisPlan plan(Analysis analysis) {
    AnalysisPlan known = plans.get(analysis);
    return known == null
        ? plans.keep(
            analysis, new AnalysisPlan(analysis, model.vocabulary(), neutralizer, index, keptRows))
        : known;
  }

  private static Optional<Outcome.Failed> refused(FailureReason reason, String message) {
    return Optional.of(new Outcome.Failed(reason, message));
  }

  @Override
  public void close() {
    try {
      context.close();
    } finally {
      model.close();
      FreedMemory.release();
    }
  }
}
