package io.kaiseki.pipelines.analysis;

/** What whoever loads an analysis wants with its model. */
enum ModelNeed {
  /** To run it: an analysis without a model file is a problem. */
  REQUIRED,
  /**
   * To have it run on other machines: it must be named, and need not be on this one. What is not
   * here must be named by an absolute path, which means the same on every machine.
   */
  ELSEWHERE,
  /** To look at it: a model file that is named must exist. */
  OPTIONAL,
  /** Nothing: its files, and the keys of its servers, may be missing on this machine. */
  NONE
}
