package io.kaiseki.pipelines.analysis;

/** What whoever loads an analysis wants with its model. */
enum ModelNeed {
  /** To run it: an analysis without a model file is a problem. */
  REQUIRED,
  /** To look at it: a model file that is named must exist. */
  OPTIONAL,
  /** Nothing: its files may be missing on this machine. */
  NONE
}
