package io.kaiseki.inference.llamacpp;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Structure;
import org.junit.jupiter.api.Assumptions;

/**
 * Memory that native code in this process has allocated and not freed, as glibc's allocator counts
 * it. Resident memory would tell less: it also moves with the Java heap, and with what the
 * allocator keeps for later.
 */
public final class ProcessMemory {

  /** {@code struct mallinfo2} of malloc.h. */
  @Structure.FieldOrder("counts")
  public static class Allocated extends Structure implements Structure.ByValue {
    public static final int BYTES_IN_MAPPINGS = 4;
    public static final int BYTES_IN_ARENAS = 7;
    public long[] counts = new long[10];
  }

  private ProcessMemory() {}

  /**
   * Skips the test where this system does not tell it, which Linux with glibc 2.33 or later does.
   * On a machine that decides what is taken (CI=true) the test fails there: .ci/run is for Debian
   * and Ubuntu, and all of their releases that are still supported have such a glibc.
   */
  public static void require() {
    String missing = "the memory of native code is not known: that takes glibc 2.33 or later";
    if (!known() && "true".equals(System.getenv("CI"))) {
      throw new IllegalStateException(missing);
    }
    Assumptions.assumeTrue(known(), missing);
  }

  private static boolean known() {
    try {
      return Platform.isLinux() && allocated().counts[Allocated.BYTES_IN_ARENAS] > 0;
    } catch (UnsatisfiedLinkError e) {
      return false;
    }
  }

  /** In MiB. Collects garbage first, so that native memory that Java objects own is free. */
  public static long allocatedMebibytes() {
    System.gc();
    Allocated now = allocated();
    return now.counts[Allocated.BYTES_IN_MAPPINGS] + now.counts[Allocated.BYTES_IN_ARENAS] >> 20;
  }

  private static Allocated allocated() {
    return (Allocated)
        NativeLibrary.getInstance("c")
            .getFunction("mallinfo2")
            .invoke(Allocated.class, new Object[0]);
  }
}
