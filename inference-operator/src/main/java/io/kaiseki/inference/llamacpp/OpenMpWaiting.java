package io.kaiseki.inference.llamacpp;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/**
 * How long a compute thread of llama.cpp spins at a barrier before it sleeps.
 *
 * <p>GNU OpenMP's default is some milliseconds. Where another thread holds one of the cores, the
 * spinning takes the time that the thread it waits for would need, and decoding falls to a tenth of
 * its speed or less. Inside a Flink job there is always another thread now and then, so the wait is
 * cut short. The variable is read when the OpenMP library is loaded, so this must come before.
 */
final class OpenMpWaiting {

  private static final String VARIABLE = "GOMP_SPINCOUNT";
  private static final String SPINS = "3000";

  private OpenMpWaiting() {}

  /** Cuts the wait short, unless the environment says how long it shall be. */
  static void limitSpinning() {
    if (!Platform.isLinux()
        || System.getenv(VARIABLE) != null
        || System.getenv("OMP_WAIT_POLICY") != null) {
      return;
    }
    Function setenv = NativeLibrary.getInstance("c").getFunction("setenv");
    setenv.invokeInt(new Object[] {VARIABLE, SPINS, 1});
  }
}
