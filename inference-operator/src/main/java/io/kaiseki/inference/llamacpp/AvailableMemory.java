package io.kaiseki.inference.llamacpp;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Memory that this process can still take before it is killed or swaps. */
final class AvailableMemory {

  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final Path CGROUP = Path.of("/sys/fs/cgroup");

  private AvailableMemory() {}

  /**
   * Bytes that are available: what the kernel can hand out without swapping, and what the container
   * has left, whichever is less. Where the system tells neither, its free memory.
   */
  static long bytes() {
    long system = systemBytes();
    OptionalLong limit = number(CGROUP.resolve("memory.max"));
    OptionalLong used = number(CGROUP.resolve("memory.current"));
    if (limit.isEmpty() || used.isEmpty()) {
      return system;
    }
    return Math.min(system, limit.getAsLong() - used.getAsLong() + reclaimable());
  }

  private static long systemBytes() {
    try {
      for (String line : Files.readAllLines(MEMINFO)) {
        if (line.startsWith("MemAvailable:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException e) {
      // Not Linux: the operating system's own figure has to do.
    }
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getFreeMemorySize()
        : Long.MAX_VALUE;
  }

  /** File cache of the container, which the kernel drops before it kills. */
  private static long reclaimable() {
    try {
      for (String line : Files.readAllLines(CGROUP.resolve("memory.stat"))) {
        if (line.startsWith("file ")) {
          return Long.parseLong(line.substring("file ".length()).strip());
        }
      }
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
    return 0;
  }

  /** The number in a file; empty where there is none, as in {@code max}. */
  private static OptionalLong number(Path file) {
    try {
      return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
