package io.kaiseki.inference.llamacpp;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory that this process has resident beside the Java heap, as Linux counts it. */
public final class ProcessMemory {

  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessMemory() {}

  /** Whether this system tells it. */
  public static boolean known() {
    return Files.exists(STATUS);
  }

  /**
   * Anonymous memory less the heap, in MiB. Pages of mapped files, which the kernel can drop, do
   * not count. Collects garbage first, so that native memory that Java objects own is free.
   */
  public static long residentMebibytes() throws IOException {
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    long anonymous =
        Files.readAllLines(STATUS).stream()
            .filter(line -> line.startsWith("RssAnon:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow();
    return anonymous / 1024 - (heap >> 20);
  }
}
