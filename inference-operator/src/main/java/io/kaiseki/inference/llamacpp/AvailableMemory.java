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
    return Math.min(systemBytes(), left(CGROUP));
  }

  /**
   * Bytes that a container has left.
   *
   * @param cgroup its directory, of version 2
   */
  static long left(Path cgroup) {
    OptionalLong limit = number(cgroup.resolve("memory.max"));
    OptionalLong used = number(cgroup.resolve("memory.current"));
    return limit.isEmpty() || used.isEmpty()
        ? Long.MAX_VALUE
        : limit.getAsLong() - used.getAsLong() + reclaimable(cgroup.resolve("memory.stat"));
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

  /**
   * File cache of the container, which the kernel drops before it kills. Shared memory and the
   * files of a tmpfs are counted as cache, but have no other place to be.
   */
  private static long reclaimable(Path statistics) {
    long file = 0;
    long shared = 0;
    try {
      for (String line : Files.readAllLines(statistics)) {
        if (line.startsWith("file ")) {
          file = Long.parseLong(line.substring("file ".length()).strip());
        } else if (line.startsWith("shmem ")) {
          shared = Long.parseLong(line.substring("shmem ".length()).strip());
        }
      }
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
    return Math.max(0, file - shared);
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
