package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.gguf.InvalidModelFileException;
import io.kaiseki.inference.gguf.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * How fast this machine runs a model, measured with nothing but the model in the way: the ceiling
 * that an engine is held against.
 *
 * @param prefill tokens a second when a prompt is read in full batches, with nothing in front of it
 * @param prefillBehind tokens a second when documents are read in full batches, each behind the
 *     same instructions: less, by what attention to those takes
 * @param decode tokens a second when so many sequences decode one token each at the same time
 */
public record ModelRates(
    double prefill, double prefillBehind, NavigableMap<Integer, Double> decode) {

  private static final int ROUNDS = 3;
  private static final int STEPS = 8;
  private static final int MOST_DOCUMENTS = 64;

  /**
   * Where tokens stand.
   *
   * @param shared tokens of the instructions that documents share
   * @param document tokens of a document
   * @param decode tokens that each sequence has in front of those that it decodes; at least shared
   */
  public record Lengths(int shared, int document, int decode) {}

  public ModelRates {
    decode = Collections.unmodifiableNavigableMap(new TreeMap<>(decode));
  }

  /**
   * Measures; takes some seconds for each width. Medians of three rounds. The engine for these
   * settings should not run at the same time.
   *
   * @param widths how many sequences to decode at the same time
   * @param stopRequested whether it shall end early; asked between two calls of the model
   * @throws InvalidModelFileException if the file is no model
   * @throws EngineUnavailableException if the model can't be loaded
   * @throws CancellationException if it was stopped
   */
  public static ModelRates measure(
      LlamaCppSettings settings,
      Lengths lengths,
      List<Integer> widths,
      BooleanSupplier stopRequested) {
    LlamaLibrary library = LlamaLibrary.load(settings.library());
    int widest = Collections.max(widths);
    int cells = settings.batchTokens() + lengths.decode() + widest * (STEPS + 1) * ROUNDS;
    int sequences = Math.max(widest, MOST_DOCUMENTS) + 1;
    try (NativeModel model =
            new NativeModel(library, ModelFile.open(Path.of(settings.modelFile())));
        NativeContext context =
            new NativeContext(
                model, cells, settings.batchTokens(), sequences, settings.computeThreads())) {
      Probe probe = new Probe(context, plainTokens(model.vocabulary()), stopRequested);
      double prefill = probe.prefill(settings.batchTokens());
      probe.read(lengths.decode());
      double behind = probe.prefillBehind(settings.batchTokens(), lengths);
      TreeMap<Integer, Double> decode = new TreeMap<>();
      for (int width : widths) {
        decode.put(width, probe.decode(width, lengths.decode()));
      }
      return new ModelRates(prefill, behind, decode);
    }
  }

  /** Tokens a second of a number of sequences, interpolated between the widths measured. */
  public double decode(int width) {
    var below = decode.floorEntry(width);
    var above = decode.ceilingEntry(width);
    if (below == null || above == null) {
      return (below == null ? decode.firstEntry() : decode.lastEntry()).getValue();
    }
    if (below.getKey().equals(above.getKey())) {
      return below.getValue();
    }
    double share = (double) (width - below.getKey()) / (above.getKey() - below.getKey());
    return below.getValue() + share * (above.getValue() - below.getValue());
  }

  private static int[] plainTokens(LlamaVocabulary vocabulary) {
    return IntStream.range(0, vocabulary.size())
        .filter(token -> vocabulary.bytes(token).length > 0)
        .limit(4096)
        .toArray();
  }

  /** Runs batches of arbitrary text and times them. */
  private record Probe(NativeContext context, int[] tokens, BooleanSupplier stopRequested) {

    double prefill(int count) {
      List<Double> rates = new ArrayList<>();
      for (int round = 0; round <= ROUNDS; round++) {
        context.clearBatch();
        for (int i = 0; i < count; i++) {
          context.add(token(i + round), i, 0, i + 1 == count);
        }
        double rate = count / seconds();
        // The first round faults the weights in.
        if (round > 0) {
          rates.add(rate);
        }
        context.forget(0, 0);
      }
      return median(rates);
    }

    /** Full batches of documents, each in a sequence of its own behind what sequence 0 has read. */
    double prefillBehind(int count, Lengths lengths) {
      int document = Math.max(lengths.document(), 1 + (count - 1) / MOST_DOCUMENTS);
      int documents = 1 + (count - 1) / document;
      List<Double> rates = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        for (int sequence = 1; sequence <= documents; sequence++) {
          context.share(0, sequence, 0, lengths.shared());
        }
        context.clearBatch();
        for (int i = 0; i < count; i++) {
          int sequence = 1 + i / document;
          int position = lengths.shared() + i % document;
          context.add(token(i + round), position, sequence, i + 1 == count);
        }
        rates.add(count / seconds());
        for (int sequence = 1; sequence <= documents; sequence++) {
          context.forget(sequence, 0);
        }
      }
      return median(rates);
    }

    /** Behind what sequence 0 has read. */
    double decode(int width, int depth) {
      for (int sequence = 1; sequence <= width; sequence++) {
        context.share(0, sequence, 0, depth);
      }
      List<Double> rates = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        double seconds = 0;
        for (int step = 0; step < STEPS; step++) {
          context.clearBatch();
          for (int sequence = 1; sequence <= width; sequence++) {
            context.add(token(sequence + step), depth + round * STEPS + step, sequence, true);
          }
          seconds += seconds();
        }
        rates.add(width * STEPS / seconds);
      }
      for (int sequence = 1; sequence <= width; sequence++) {
        context.forget(sequence, 0);
      }
      return median(rates);
    }

    void read(int depth) {
      for (int from = 0; from < depth; ) {
        context.clearBatch();
        for (; from < depth && context.room() > 0; from++) {
          context.add(token(from), from, 0, false);
        }
        seconds();
      }
    }

    private int token(int at) {
      return tokens[(at * 31) % tokens.length];
    }

    private double seconds() {
      if (stopRequested.getAsBoolean()) {
        throw new CancellationException("stopped while the machine's rates were measured");
      }
      long start = System.nanoTime();
      context.decode();
      return (System.nanoTime() - start) / 1e9;
    }

    private static double median(List<Double> values) {
      List<Double> sorted = values.stream().sorted().toList();
      return sorted.get(sorted.size() / 2);
    }
  }
}
