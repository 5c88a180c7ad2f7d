package io.kaiseki.inference.gguf;

import java.util.Arrays;

/**
 * Where the elements of one dimension of a small tensor stand in that of a wide one. Each may stand
 * there more than once, in copies, and most places stay empty.
 */
final class WideAxis {

  private static final int EMPTY = -1;

  private final int[] sources;
  private final int[][] places;

  private WideAxis(int wide, int[][] places) {
    this.places = places;
    sources = new int[wide];
    Arrays.fill(sources, EMPTY);
    for (int[] copy : places) {
      for (int i = 0; i < copy.length; i++) {
        sources[copy[i]] = i;
      }
    }
  }

  /** The place of an element in a copy. */
  @FunctionalInterface
  interface Place {
    int of(int copy, int element);
  }

  static WideAxis of(int small, int wide, int copies, Place place) {
    int[][] places = new int[copies][small];
    for (int copy = 0; copy < copies; copy++) {
      for (int i = 0; i < small; i++) {
        places[copy][i] = place.of(copy, i);
      }
    }
    return new WideAxis(wide, places);
  }

  /** Copies one behind the other from the beginning. */
  static WideAxis inFront(int small, int wide, int copies) {
    return of(small, wide, copies, (copy, i) -> copy * small + i);
  }

  int small() {
    return places[0].length;
  }

  int wide() {
    return sources.length;
  }

  int copies() {
    return places.length;
  }

  int place(int copy, int element) {
    return places[copy][element];
  }

  /** The element that stands at a place, or a negative number. */
  int source(int place) {
    return sources[place];
  }
}
