package io.kaiseki.inference.gguf;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Random weights that behave: each tensor is Gaussian with a deviation of gain over the root of its
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

  private record PoolKey(GgmlType type, float deviation) {}

  private final Random random;
  private final Map<PoolKey, ByteBuffer> pools = new HashMap<>();
  private final Map<Integer, float[]> gaussians = new HashMap<>();
  private static final Map<TensorLayout.Role, Float> GAINS =
      new EnumMap<>(
          Map.of(
              TensorLayout.Role.PROJECTION, 1.2f,
              TensorLayout.Role.RESIDUAL, 0.5f,
              TensorLayout.Role.HEAD, 2.5f));

  MadeUpWeights(long seed) {
    random = new Random(seed);
  }

  GgufWriter.TensorContent content(TensorLayout.Slot slot, GgmlType type) {
    return switch (slot.role()) {
      case NORM -> constant(type, elements(slot));
      case ROPE_FACTORS -> GgufWriter.TensorContent.of(RopeFactors.llama3(slot.dimensions()));
      case BIAS -> gaussian(type, elements(slot), 0.1f);
      case EMBEDDING -> gaussian(type, elements(slot), 1f);
      case PROJECTION, RESIDUAL, HEAD ->
          gaussian(
              type,
              elements(slot),
              GAINS.get(slot.role()) / (float) Math.sqrt(slot.dimensions().get(0)));
    };
  }

  private static long elements(TensorLayout.Slot slot) {
    return slot.dimensions().stream().reduce(1L, Math::multiplyExact);
  }

  private static GgufWriter.TensorContent constant(GgmlType type, long elements) {
    float[] ones = new float[Math.toIntExact(elements)];
    Arrays.fill(ones, 1);
    return GgufWriter.TensorContent.of(WeightEncoding.encode(type, ones));
  }

  private GgufWriter.TensorContent gaussian(GgmlType type, long elements, float deviation) {
    long seed = random.nextLong();
    return out -> {
      Random own = new Random(seed);
      if (elements <= (long) POOL_BLOCKS * BLOCK / 8) {
        out.write(WeightEncoding.encode(type, draw(own, (int) elements, deviation)));
        return;
      }
      ByteBuffer pool = pools.computeIfAbsent(new PoolKey(type, deviation), this::pool);
      int blockBytes = pool.capacity() / POOL_BLOCKS;
      int at = own.nextInt(POOL_BLOCKS);
      for (long left = elements / BLOCK; left > 0; ) {
        int blocks = (int) Math.min(Math.min(left, CHUNK_BLOCKS), POOL_BLOCKS - at);
        out.write(pool.slice(at * blockBytes, blocks * blockBytes));
        left -= blocks;
        at = (at + blocks) % POOL_BLOCKS;
      }
    };
  }

  private ByteBuffer pool(PoolKey key) {
    float[] unit =
        gaussians.computeIfAbsent(
            POOL_BLOCKS * BLOCK, size -> draw(new Random(random.nextLong()), size, 1));
    float[] scaled = new float[unit.length];
    for (int i = 0; i < unit.length; i++) {
      scaled[i] = unit[i] * key.deviation();
    }
    return WeightEncoding.encode(key.type(), scaled);
  }

  private static float[] draw(Random random, int count, float deviation) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * deviation;
    }
    return values;
  }
}
