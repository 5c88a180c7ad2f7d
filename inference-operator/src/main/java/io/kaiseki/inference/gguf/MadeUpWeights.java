package io.kaiseki.inference.gguf;

import io.kaiseki.inference.gguf.GgufWriter.TensorContent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Random weights that behave: each matrix is Gaussian with a deviation of gain over the root of its
 * row length, so activations keep their size through any number of layers, attention depends on
 * what was read, and the logits differ enough to choose by.
 *
 * <p>Large tensors are tiled from a pool of encoded blocks. Its length is prime, so rows of any
 * length start at different places and no two of a tensor are equal.
 */
final class MadeUpWeights {

  private static final int BLOCK = 32;
  private static final int POOL_BLOCKS = 262_139;
  private static final int CHUNK_BLOCKS = 1 << 13;

  /** Tensors of more elements are tiled. */
  private static final long DRAWN_ELEMENTS = 1 << 20;

  private static final float EMBEDDING_DEVIATION = 1f;
  private static final float BIAS_DEVIATION = 0.1f;
  private static final float PROJECTION_GAIN = 1.2f;
  private static final float RESIDUAL_GAIN = 0.5f;
  private static final float HEAD_GAIN = 2.5f;

  private record PoolKey(GgmlType type, float deviation) {

    /** A seed of its own: a head cut from the numbers of the embedding would echo its input. */
    long seed(long base) {
      return base + (long) Float.floatToIntBits(deviation) * GgmlType.values().length + type.id();
    }
  }

  private final Random seeds;
  private final long poolSeed;
  private final Map<PoolKey, ByteBuffer> pools = new HashMap<>();

  MadeUpWeights(long seed) {
    seeds = new Random(seed);
    poolSeed = seeds.nextLong();
  }

  /** What fills a tensor; to be asked for in the order of the file. */
  TensorContent content(TensorLayout.Slot slot, GgmlType type) {
    long row = slot.dimensions().get(0);
    long elements = slot.dimensions().stream().reduce(1L, Math::multiplyExact);
    return switch (slot.role()) {
      case NORM -> ones(type, elements);
      case ROPE_FACTORS -> TensorContent.of(RopeFactors.llama3(Math.toIntExact(elements)));
      case BIAS -> gaussian(type, elements, BIAS_DEVIATION);
      case EMBEDDING -> gaussian(type, elements, EMBEDDING_DEVIATION);
      case PROJECTION -> gaussian(type, elements, PROJECTION_GAIN / root(row));
      case RESIDUAL -> gaussian(type, elements, RESIDUAL_GAIN / root(row));
      case HEAD -> gaussian(type, elements, HEAD_GAIN / root(row));
    };
  }

  private static float root(long rowLength) {
    return (float) Math.sqrt(rowLength);
  }

  private static TensorContent ones(GgmlType type, long elements) {
    float[] ones = new float[Math.toIntExact(elements)];
    Arrays.fill(ones, 1);
    return TensorContent.of(WeightEncoding.encode(type, ones));
  }

  private TensorContent gaussian(GgmlType type, long elements, float deviation) {
    long seed = seeds.nextLong();
    if (elements <= DRAWN_ELEMENTS) {
      return out -> out.write(draw(seed, (int) elements, type, deviation));
    }
    return out -> {
      ByteBuffer pool =
          pools.computeIfAbsent(
              new PoolKey(type, deviation),
              key -> draw(key.seed(poolSeed), POOL_BLOCKS * BLOCK, key.type(), key.deviation()));
      int blockBytes = pool.capacity() / POOL_BLOCKS;
      int at = new Random(seed).nextInt(POOL_BLOCKS);
      for (long left = elements / BLOCK; left > 0; ) {
        int blocks = (int) Math.min(Math.min(left, CHUNK_BLOCKS), POOL_BLOCKS - at);
        out.write(pool.slice(at * blockBytes, blocks * blockBytes));
        left -= blocks;
        at = (at + blocks) % POOL_BLOCKS;
      }
    };
  }

  private static ByteBuffer draw(long seed, int count, GgmlType type, float deviation) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * deviation;
    }
    return WeightEncoding.encode(type, values);
  }
}
