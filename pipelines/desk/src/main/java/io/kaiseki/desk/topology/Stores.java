package io.kaiseki.desk.topology;

/** The names of the stores, which queries use. */
public final class Stores {

  /** {@link io.kaiseki.desk.state.Entry} by document id. */
  public static final String ENTRIES = "entries";

  /** How many documents are as a {@link Tallies} key says, now. */
  public static final String TALLIES = "tallies";

  /** {@link io.kaiseki.desk.state.Minute} by the minute since 1970, for two days. */
  public static final String MINUTES = "minutes";

  private Stores() {}
}
