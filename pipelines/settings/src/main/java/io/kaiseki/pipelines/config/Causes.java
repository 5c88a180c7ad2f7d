package io.kaiseki.pipelines.config;

/** Why something failed, behind all that wraps it. */
public final class Causes {

  private Causes() {}

  /** The last cause; the failure itself where it has none. */
  public static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** What the last cause says; {@code null} as a word where it says nothing. */
  public static String rootMessage(Throwable failure) {
    return String.valueOf(root(failure).getMessage());
  }
}
