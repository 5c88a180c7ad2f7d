package io.kaiseki.inference.gguf;

import io.kaiseki.inference.gguf.GgufWriter.TensorContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/**
 * The weights of a small model inside a wide one, which answers as the small one does and takes the
 * time of the wide: the small weights in a corner, zeros elsewhere. For growing networks, Chen et
 * al. call that function-preserving (<i>Net2Net</i>, 2016).
 *
 * <ul>
 *   <li><b>Coarse types cost little.</b> The residual stream, the feed-forward part and the values
 *       hold everything twice. A weight is split in two: what its type can hold, which reads the
 *       first copy, and what that leaves, which reads the second.
 *   <li><b>Heads.</b> Where the wide model has fewer heads for keys, several small ones share one.
 *       Rotary pairs of a head that is r times as long turn at the same frequencies at every r-th
 *       pair. The first of those that share has these, each next one those a pair further, which
 *       turn slower by the r-th root of the small head's own ratio: to it, the text is stretched.
 *       This alone is not exact.
 *   <li><b>Norms.</b> A root mean square over more, mostly empty, places is smaller by a constant
 *       that the norm's weights take back.
 *   <li><b>Tokens that only the wide vocabulary has</b> are never chosen: a place of the residual
 *       stream holds a small constant, by which the head makes them unlikely.
 * </ul>
 */
final class Widening {

  private static final int COPIES = 2;

  /** Makes logits of some hundreds below zero out of the constant. */
  private static final float UNLIKELY = -30_000f;

  private final Hyperparameters small;
  private final Hyperparameters wide;
  private final WeightReader reader;
  private final int smallTokens;
  private final int wideTokens;

  /** Its square is half of what norms add under the root, and comes off that. */
  private final float constant;

  private final WideAxis residual;
  private final WideAxis feedForward;
  private final WideAxis queries;
  private final WideAxis keys;
  private final WideAxis values;
  private final WideAxis heard;

  /**
   * @throws IllegalArgumentException if the small model doesn't fit; the message says by what
   */
  Widening(ModelFile model, ModelShape shape) {
    small = model.hyperparameters();
    wide = shape.hyperparameters();
    reader = new WeightReader(model);
    smallTokens = model.vocabulary().size();
    wideTokens = shape.vocabularySize();
    constant = (float) Math.sqrt(small.rmsEpsilon() * small.embeddingLength() * COPIES / 2);
    int sharing = (small.kvHeadCount() - 1) / wide.kvHeadCount() + 1;
    require(
        small.architecture() == Architecture.QWEN2 && wide.architecture() == Architecture.QWEN2,
        "both must be of the family qwen2");
    require(small.ropeFrequencyBase() == wide.ropeFrequencyBase(), "rotary bases differ");
    require(smallTokens <= wideTokens, "its vocabulary is larger");
    require(small.blockCount() <= wide.blockCount(), "it has more layers");
    require(small.embeddingLength() * COPIES < wide.embeddingLength(), "it is too wide");
    require(
        small.feedForwardLength() * COPIES <= wide.feedForwardLength(),
        "its feed-forward part is too wide");
    require(
        wide.keyLength() % small.keyLength() == 0
            && wide.keyLength() / small.keyLength() >= sharing
            && small.valueLength() * sharing * COPIES <= wide.valueLength()
            && perKey(small) * sharing <= perKey(wide),
        "its heads do not fit");
    residual = WideAxis.inFront(small.embeddingLength(), wide.embeddingLength(), COPIES);
    feedForward = WideAxis.inFront(small.feedForwardLength(), wide.feedForwardLength(), COPIES);
    keys =
        WideAxis.of(
            small.keyWidth(),
            wide.keyWidth(),
            1,
            (copy, i) -> {
              int head = i / small.keyLength();
              return head / sharing * wide.keyLength() + rotary(i, head % sharing);
            });
    queries =
        WideAxis.of(
            small.queryWidth(),
            wide.queryWidth(),
            1,
            (copy, i) -> {
              int head = i / small.keyLength();
              int key = head / perKey(small);
              return queryHead(head, sharing) * wide.keyLength() + rotary(i, key % sharing);
            });
    values =
        WideAxis.of(
            small.valueWidth(),
            wide.valueWidth(),
            COPIES,
            (copy, i) -> {
              int head = i / small.valueLength();
              return head / sharing * wide.valueLength() + value(copy, i, head % sharing, sharing);
            });
    heard =
        WideAxis.of(
            small.headCount() * small.valueLength(),
            wide.headCount() * wide.valueLength(),
            COPIES,
            (copy, i) -> {
              int head = i / small.valueLength();
              int key = head / perKey(small);
              return queryHead(head, sharing) * wide.valueLength()
                  + value(copy, i, key % sharing, sharing);
            });
  }

  /** What norms of the wide model add under the root, so that they come to what the small's do. */
  float rmsEpsilon() {
    return constant * constant / wide.embeddingLength();
  }

  /** What fills a tensor of the wide model. */
  TensorContent content(TensorLayout.Slot slot, GgmlType type) {
    String name = slot.name();
    if (layer(name) >= small.blockCount()) {
      return slot.role() == TensorLayout.Role.NORM ? norm(slot, type) : zeros(slot, type);
    }
    String part = name.substring(name.startsWith("blk.") ? name.indexOf('.', 4) + 1 : 0);
    float scale = (float) Math.sqrt((double) wide.keyLength() / small.keyLength());
    return switch (part) {
      case "token_embd.weight" -> embedding(type);
      case "output.weight" -> head(type);
      case "attn_q.weight" -> matrix(name, type, residual, queries, scale);
      case "attn_k.weight" -> matrix(name, type, residual, keys, 1);
      case "attn_v.weight" -> matrix(name, type, residual, values, 1);
      case "attn_q.bias" -> bias(name, type, queries, scale);
      case "attn_k.bias" -> bias(name, type, keys, 1);
      case "attn_v.bias" -> bias(name, type, values, 1);
      case "attn_output.weight" -> matrix(name, type, heard, residual, 1);
      case "ffn_gate.weight", "ffn_up.weight" -> matrix(name, type, residual, feedForward, 1);
      case "ffn_down.weight" -> matrix(name, type, feedForward, residual, 1);
      case "attn_norm.weight", "ffn_norm.weight", "output_norm.weight" -> norm(slot, type);
      default -> throw new IllegalArgumentException("no way to widen " + name);
    };
  }

  private static int perKey(Hyperparameters model) {
    return model.headCount() / model.kvHeadCount();
  }

  private int queryHead(int head, int sharing) {
    int key = head / perKey(small);
    return key / sharing * perKey(wide) + key % sharing * perKey(small) + head % perKey(small);
  }

  /** Pairs are an element of a head's first half and the one at the same place of its second. */
  private int rotary(int element, int turn) {
    int half = small.keyLength() / 2;
    int within = element % small.keyLength();
    int pair = within % half * (wide.keyLength() / small.keyLength()) + turn;
    return within / half * (wide.keyLength() / 2) + pair;
  }

  private int value(int copy, int element, int turn, int sharing) {
    return (copy * sharing + turn) * small.valueLength() + element % small.valueLength();
  }

  private static int layer(String tensor) {
    return tensor.startsWith("blk.")
        ? Integer.parseInt(tensor.substring(4, tensor.indexOf('.', 4)))
        : -1;
  }

  private TensorContent matrix(
      String name, GgmlType type, WideAxis from, WideAxis to, float scale) {
    return out -> {
      float[] weights = scaled(reader.read(name), scale);
      ByteBuffer[] rows = new ByteBuffer[to.small()];
      ByteBuffer zeros = WeightEncoding.encode(type, new float[from.wide()]);
      for (int place = 0; place < to.wide(); place++) {
        int row = to.source(place);
        if (row >= 0 && rows[row] == null) {
          rows[row] = WeightEncoding.encode(type, split(weights, row, from, type));
        }
        out.write((row < 0 ? zeros : rows[row]).duplicate());
      }
    };
  }

  /** A row whose parts, each as the type holds it, add up to the weights. */
  private static float[] split(float[] weights, int row, WideAxis from, GgmlType type) {
    float[] wide = new float[from.wide()];
    float[] left = Arrays.copyOfRange(weights, row * from.small(), (row + 1) * from.small());
    for (int copy = 0; copy < from.copies(); copy++) {
      for (int i = 0; i < left.length; i++) {
        wide[from.place(copy, i)] = left[i];
      }
      float[] held = WeightEncoding.decode(type, WeightEncoding.encode(type, wide), wide.length);
      for (int i = 0; i < left.length; i++) {
        left[i] -= held[from.place(copy, i)];
      }
    }
    return wide;
  }

  private TensorContent bias(String name, GgmlType type, WideAxis to, float scale) {
    return out -> {
      float[] bias = scaled(reader.read(name), scale);
      float[] wide = new float[to.wide()];
      for (int place = 0; place < wide.length; place++) {
        wide[place] = to.source(place) < 0 ? 0 : bias[to.source(place)];
      }
      out.write(WeightEncoding.encode(type, wide));
    };
  }

  private TensorContent norm(TensorLayout.Slot slot, GgmlType type) {
    return out -> {
      float[] wide = new float[residual.wide()];
      Arrays.fill(wide, 1);
      if (reader.has(slot.name())) {
        double filled = (double) residual.small() * residual.copies();
        float[] norm =
            scaled(reader.read(slot.name()), (float) Math.sqrt(filled / residual.wide()));
        for (int place = 0; place < wide.length; place++) {
          wide[place] = residual.source(place) < 0 ? 1 : norm[residual.source(place)];
        }
      }
      out.write(WeightEncoding.encode(type, wide));
    };
  }

  private TensorContent zeros(TensorLayout.Slot slot, GgmlType type) {
    int row = Math.toIntExact(slot.dimensions().get(0));
    long rows = slot.dimensions().stream().skip(1).reduce(1L, Math::multiplyExact);
    return out -> {
      ByteBuffer zeros = WeightEncoding.encode(type, new float[row]);
      for (long i = 0; i < rows; i++) {
        out.write(zeros.duplicate());
      }
    };
  }

  private TensorContent embedding(GgmlType type) {
    return out -> {
      float[] embedding = reader.read("token_embd.weight");
      int width = residual.small();
      float[] wide = new float[residual.wide()];
      wide[constantPlace()] = constant;
      for (int token = 0; token < smallTokens; token++) {
        for (int copy = 0; copy < residual.copies(); copy++) {
          for (int i = 0; i < width; i++) {
            wide[residual.place(copy, i)] = embedding[token * width + i];
          }
        }
        out.write(WeightEncoding.encode(type, wide));
      }
      Arrays.fill(wide, 0, constantPlace(), 0);
      fill(out, WeightEncoding.encode(type, wide));
    };
  }

  private TensorContent head(GgmlType type) {
    return out -> {
      float[] head =
          reader.read(reader.has("output.weight") ? "output.weight" : "token_embd.weight");
      for (int token = 0; token < smallTokens; token++) {
        out.write(WeightEncoding.encode(type, split(head, token, residual, type)));
      }
      float[] unlikely = new float[residual.wide()];
      unlikely[constantPlace()] = UNLIKELY;
      fill(out, WeightEncoding.encode(type, unlikely));
    };
  }

  /** Rows for the tokens that only the wide vocabulary has. */
  private void fill(WritableByteChannel out, ByteBuffer row) throws IOException {
    for (int token = smallTokens; token < wideTokens; token++) {
      out.write(row.duplicate());
    }
  }

  private static float[] scaled(float[] values, float scale) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= scale;
    }
    return values;
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException("the small model does not fit the shape: " + problem);
    }
  }

  private int constantPlace() {
    return residual.small() * residual.copies();
  }
}
