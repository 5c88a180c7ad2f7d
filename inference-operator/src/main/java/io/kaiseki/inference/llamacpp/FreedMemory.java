package io.kaiseki.inference.llamacpp;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/**
 * Memory that native code has freed, but that the C library keeps for later. Each engine has a
 * thread of its own, and glibc keeps an arena for each thread: without this, the memory of an
 * engine that has ended would stay with the process.
 */
final class FreedMemory {

  private FreedMemory() {}

  /** Gives it back to the system, where the C library can do that (glibc's {@code malloc_trim}). */
  static void release() {
    if (!Platform.isLinux()) {
      return;
    }
    try {
      NativeLibrary.getInstance("c").getFunction("malloc_trim").invokeInt(new Object[] {0L});
    } catch (UnsatisfiedLinkError withoutGlibc) {
      // Other C libraries keep less, and have no such function.
    }
  }
}
