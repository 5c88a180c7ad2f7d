package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.contract.AnswerLayout;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.bench.peer.PeerQuestion;
import io.kaiseki.pipelines.bench.peer.PeerReply;
import io.kaiseki.pipelines.bench.peer.PeerSettings;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * java-llama.cpp's own {@code LlamaModel} at its best setting, in a process of its own: same model
 * file, same prompt text, same documents, grammars made from the same contract, greedy. It runs on
 * the llama.cpp build that ships, whatever library the engine is given.
 *
 * <p>What can't be made the same: text is made into tokens in one piece here, and a grammar leaves
 * the model to choose the tokens of names and punctuation, which the engine writes as the tokenizer
 * would. So answers can differ where a model is unsure, and with made-up weights they do. Nor is
 * anything masked, or a document that is too long cut: the library has neither.
 *
 * <p>Its model stays loaded between passes while memory allows; its threads sleep then.
 */
public final class LlamaModelArm implements Arm {

  private final LlamaCppSettings settings;
  private final Sizing sizing;
  private final Path directory;
  private final boolean cold;
  private final BooleanSupplier memoryToSpare;
  private @Nullable PeerProcess process;

  /**
   * @param settings the model and how it is run, its slots among it
   * @param directory takes the native library and logs of the process
   * @param cold whether its slots read the instructions when the clock runs; in each pass, then
   * @param memoryToSpare asked after a pass, whether the model may stay loaded
   */
  public LlamaModelArm(
      LlamaCppSettings settings,
      Sizing sizing,
      Path directory,
      boolean cold,
      BooleanSupplier memoryToSpare) {
    this.cold = cold;
    this.settings = settings;
    this.sizing = sizing;
    this.directory = directory;
    this.memoryToSpare = memoryToSpare;
  }

  @Override
  public ArmKind kind() {
    return ArmKind.LLAMA_MODEL;
  }

  @Override
  public int slots() {
    return settings.slots();
  }

  @Override
  public Pass run(Workload workload, PassProgress progress) {
    boolean passed = false;
    try {
      Analysis asked = asked(workload);
      PeerProcess peer = started(asked, workload.warmUp(), progress);
      List<PeerQuestion> questions =
          workload.documents().stream().map(document -> question(asked, document)).toList();
      @Nullable String[] texts = new @Nullable String[questions.size()];
      long start = System.nanoTime();
      peer.request(questions);
      for (PeerReply reply; (reply = peer.next(progress)).kind() == PeerReply.Kind.ANSWER; ) {
        texts[reply.document()] = reply.text();
        progress.answered();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      passed = true;
      return new Pass(
          seconds,
          Optional.empty(),
          Optional.empty(),
          new ArrayList<>(Arrays.stream(texts).map(text -> read(asked.contract(), text)).toList()));
    } finally {
      if (!passed || cold || !memoryToSpare.getAsBoolean()) {
        close();
      }
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
      process = null;
    }
  }

  /**
   * A grammar of {@link GbnfGrammar} writes fields with their names, so the prompt asks for them.
   */
  static Analysis asked(Workload workload) {
    return workload.analysis(AnswerLayout.OBJECT);
  }

  private static PeerQuestion question(Analysis asked, String document) {
    return new PeerQuestion(
        PromptText.marked(asked, document), GbnfGrammar.of(asked.contract().type(), document));
  }

  private PeerProcess started(Analysis asked, String warmUp, PassProgress progress) {
    PeerProcess running = process;
    if (running == null) {
      running =
          new PeerProcess(
              directory,
              new PeerSettings(
                  settings.modelFile(),
                  settings.computeThreads(),
                  settings.slots(),
                  sizing.roomyContext(settings.slots()),
                  settings.batchTokens(),
                  sizing.answer(),
                  sizing.reasoning(),
                  PromptText.endOfReasoning(),
                  cold ? null : question(asked, warmUp)));
      process = running;
      running.next(progress);
    }
    return running;
  }

  /** The answer as a record; null where it breaks the contract, as one does that was cut off. */
  static @Nullable GenericRecord read(Contract contract, @Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return contract.read(text.getBytes(StandardCharsets.UTF_8));
    } catch (RuntimeException e) {
      // Whatever is wrong with it, it is no answer.
      return null;
    }
  }
}
