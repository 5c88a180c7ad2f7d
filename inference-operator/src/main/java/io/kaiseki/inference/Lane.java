package io.kaiseki.inference;

/** A class of service. Live requests are admitted before backfill ones. */
public enum Lane {
  LIVE,
  BACKFILL
}
