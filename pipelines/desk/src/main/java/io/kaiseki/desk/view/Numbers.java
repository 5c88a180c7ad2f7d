package io.kaiseki.desk.view;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** A set of whole numbers in ascending order; small, and fast to go through. */
final class Numbers {

  private static final int FIRST_CAPACITY = 2;

  private int[] values = new int[FIRST_CAPACITY];
  private int size;

  void add(int value) {
    int at = find(value);
    if (at >= 0) {
      return;
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, size + (size >> 1) + 1);
    }
    int place = -at - 1;
    System.arraycopy(values, place, values, place + 1, size - place);
    values[place] = value;
    size++;
  }

  void remove(int value) {
    int at = find(value);
    if (at >= 0) {
      size--;
      System.arraycopy(values, at + 1, values, at, size - at);
    }
  }

  int size() {
    return size;
  }

  void forEach(IntConsumer action) {
    for (int i = 0; i < size; i++) {
      action.accept(values[i]);
    }
  }

  /** Most numbers are added in their order. */
  private int find(int value) {
    return size == 0 || values[size - 1] < value
        ? -size - 1
        : Arrays.binarySearch(values, 0, size, value);
  }
}
