package io.kaiseki.inference.contract;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Habits of a model that a constraint must withstand. */
enum SyntheticModel {
  /** Says anything. */
  RANDOM {
    @Override
    void speak(float[] logits, VocabularyIndex index, SplittableRandom random) {
      for (int token = 0; token < logits.length; token++) {
        logits[token] = (random.nextInt() >> 16) / 4096f;
      }
    }
  },
  /** Never comes to an end, and takes the longest tokens. */
  LONG_WINDED {
    @Override
    void speak(float[] logits, VocabularyIndex index, SplittableRandom random) {
      for (int token = 0; token < logits.length; token++) {
        byte[] bytes = index.bytes(token);
        boolean ends = contains(bytes, "\"]}");
        logits[token] = ends ? -bytes.length : bytes.length + random.nextInt(2);
      }
    }
  },
  /** Never comes to an end, and takes the shortest tokens. */
  STAMMERING {
    @Override
    void speak(float[] logits, VocabularyIndex index, SplittableRandom random) {
      for (int token = 0; token < logits.length; token++) {
        byte[] bytes = index.bytes(token);
        boolean ends = contains(bytes, "\"]}");
        boolean midway = bytes.length > 0 && bytes[0] < 0;
        logits[token] = ends ? -100 : -bytes.length + (midway ? 4 : 0) + random.nextInt(3);
      }
    }
  },
  /** Closes whatever it can. */
  TERSE {
    @Override
    void speak(float[] logits, VocabularyIndex index, SplittableRandom random) {
      for (int token = 0; token < logits.length; token++) {
        boolean ends = contains(index.bytes(token), "\"]},");
        logits[token] = (ends ? 10 : 0) + random.nextInt(8);
      }
    }
  },
  /** Has no preference at all. */
  INDIFFERENT {
    @Override
    void speak(float[] logits, VocabularyIndex index, SplittableRandom random) {
      Arrays.fill(logits, 0.5f);
    }
  },
  /** Rules out nearly everything, and most often everything that is allowed. */
  STUBBORN {
    @Override
    void speak(float[] logits, VocabularyIndex index, SplittableRandom random) {
      Arrays.fill(logits, Float.NEGATIVE_INFINITY);
      for (int i = 0; i < 3; i++) {
        logits[random.nextInt(logits.length)] = 1;
      }
    }
  };

  abstract void speak(float[] logits, VocabularyIndex index, SplittableRandom random);

  /** A view on a row that {@link #speak} fills anew. */
  static Logits view(float[] logits) {
    return new Logits(FloatBuffer.wrap(logits));
  }

  private static boolean contains(byte[] bytes, String any) {
    for (byte b : bytes) {
      if (any.indexOf(b) >= 0) {
        return true;
      }
    }
    return false;
  }
}
