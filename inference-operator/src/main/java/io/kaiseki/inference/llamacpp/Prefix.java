package io.kaiseki.inference.llamacpp;

/** Shared instruction tokens in a sequence of their own. Belongs to the engine's thread. */
final class Prefix {

  private final AnalysisPlan plan;
  private final int sequence;
  private int fed;
  private int decoded;
  private int users;
  private long lastUse;

  Prefix(AnalysisPlan plan, int sequence) {
    this.plan = plan;
    this.sequence = sequence;
  }

  AnalysisPlan plan() {
    return plan;
  }

  int sequence() {
    return sequence;
  }

  int length() {
    return plan.prefix().length;
  }

  /** Whether all tokens are decoded, so that slots can share their cells. */
  boolean ready() {
    return decoded == length();
  }

  /** Tokens that no batch has had yet. */
  int unread() {
    return length() - fed;
  }

  /**
   * Says that the batch has been run.
   *
   * @return whether that has made the prefix ready
   */
  boolean settle() {
    boolean before = ready();
    decoded = fed;
    return !before && ready();
  }

  /** Puts as many tokens into the batch as fit. */
  void feed(NativeContext context) {
    int count = Math.min(context.room(), unread());
    for (int i = 0; i < count; i++) {
      context.add(plan.prefix()[fed], fed, sequence, false);
      fed++;
    }
  }

  void acquire(long now) {
    users++;
    lastUse = now;
  }

  void release() {
    users--;
  }

  boolean idle() {
    return users == 0;
  }

  long lastUse() {
    return lastUse;
  }
}
