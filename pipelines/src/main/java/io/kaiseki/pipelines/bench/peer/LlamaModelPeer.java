package io.kaiseki.pipelines.bench.peer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;

/**
 * Runs java-llama.cpp's {@code LlamaModel} at its best: its warm-up, which would throttle it, is
 * skipped, its prompt cache is on, its log is off, its context is roomy, and nothing is asked of it
 * that is known to bring it down.
 *
 * <p>It speaks JSON, a line for each message, on standard input and output. The process ends when
 * its input ends, whatever it is doing; {@code LlamaModel} keeps an orderly end from coming.
 */
public final class LlamaModelPeer {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final PeerSettings settings;
  private final LlamaModel model;
  private final ExecutorService slots;
  private final PrintStream out;

  private LlamaModelPeer(PeerSettings settings, PrintStream out) {
    this.settings = settings;
    this.out = out;
    model =
        new LlamaModel(
            new ModelParameters()
                .setModel(settings.modelFile())
                .setThreads(settings.threads())
                .setThreadsBatch(settings.threads())
                .setCtxSize(settings.contextTokens())
                .setBatchSize(settings.batchTokens())
                .setUbatchSize(settings.batchTokens())
                .setParallel(settings.slots())
                .setGpuLayers(0)
                .enableFlashAttn()
                .skipWarmup()
                .disableContextShift()
                .disableLog());
    slots = Executors.newFixedThreadPool(settings.slots());
  }

  /** Reads {@link PeerSettings}, then {@link PeerRequest}s. */
  public static void main(String[] arguments) throws InterruptedException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    // What libraries print must not come between the messages.
    System.setOut(System.err);
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> read(lines), "input");
    reader.setDaemon(true);
    reader.start();
    try {
      LlamaModelPeer peer =
          new LlamaModelPeer(JSON.readValue(lines.take(), PeerSettings.class), out);
      PeerQuestion warmUp = peer.settings.warmUp();
      if (warmUp != null) {
        peer.answer(Collections.nCopies(peer.settings.slots(), warmUp), false);
      }
      peer.write(new PeerReply(PeerReply.Kind.READY, -1, ""));
      while (true) {
        peer.answer(JSON.readValue(lines.take(), PeerRequest.class).questions(), true);
        peer.write(new PeerReply(PeerReply.Kind.END, -1, ""));
      }
    } catch (RuntimeException | IOException | ExecutionException | LinkageError e) {
      Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
      out.println(json(new PeerReply(PeerReply.Kind.FAILED, -1, String.valueOf(cause))));
    }
    Runtime.getRuntime().halt(1);
  }

  private static void read(BlockingQueue<String> lines) {
    try {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line; (line = in.readLine()) != null; ) {
        lines.add(line);
      }
    } catch (IOException e) {
      // A broken pipe means the same as its end: nobody holds the other side.
    }
    Runtime.getRuntime().halt(0);
  }

  private void answer(List<PeerQuestion> questions, boolean told)
      throws InterruptedException, ExecutionException {
    List<Future<?>> running =
        IntStream.range(0, questions.size())
            .<Future<?>>mapToObj(i -> slots.submit(() -> answer(i, questions.get(i), told)))
            .toList();
    for (Future<?> future : running) {
      future.get();
    }
  }

  private void answer(int document, PeerQuestion question, boolean told) {
    String text = model.complete(constrained(reasoned(question.prompt()), question.grammar()));
    if (told) {
      write(new PeerReply(PeerReply.Kind.ANSWER, document, text));
    }
  }

  /** The prompt with the model's reasoning and its close; a grammar would allow no reasoning. */
  private String reasoned(String prompt) {
    if (settings.reasoningTokens() == 0) {
      return prompt;
    }
    String reasoning =
        model.complete(
            new InferenceParameters(prompt)
                .setNPredict(settings.reasoningTokens())
                .setTemperature(0.6f)
                .setTopP(0.95f)
                .setSeed(1)
                .setStopStrings(settings.endOfReasoning().strip())
                .setCachePrompt(true));
    return prompt + reasoning + settings.endOfReasoning();
  }

  private InferenceParameters constrained(String prompt, String grammar) {
    return new InferenceParameters(prompt)
        .setNPredict(settings.maxAnswerTokens())
        .setTemperature(0)
        .setCachePrompt(true)
        .setGrammar(grammar);
  }

  private void write(PeerReply reply) {
    // One call, so that lines of several threads stay whole.
    out.println(json(reply));
  }

  private static String json(PeerReply reply) {
    try {
      return JSON.writeValueAsString(reply);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
