package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines that start when somebody has enough of waiting for them; none gets to native code. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EngineRegistryTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  /** Takes minutes to hash, and no space where files may have holes. */
  private static final long HUGE_BYTES = 1L << 38;

  @TempDir private Path directory;

  private final EngineRegistry registry = new EngineRegistry();
  private final CompletableFuture<Throwable> refused = new CompletableFuture<>();
  private final Set<Thread> before = engineThreads();
  private LlamaCppSettings settings;

  @BeforeEach
  void make_a_file_that_is_hashed_for_long() throws IOException {
    Path file = Files.copy(TinyModel.file(), directory.resolve("huge.gguf"));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), HUGE_BYTES);
    }
    settings = LlamaCppSettings.of(file.toString());
  }

  @AfterEach
  void end() {
    registry.closeAll();
    await().atMost(SOON).until(() -> ownThreads().isEmpty());
  }

  @Test
  void who_waits_for_a_start_can_be_interrupted() {
    Thread waiting = waiting();

    waiting.interrupt();

    assertThat(refused)
        .succeedsWithin(SOON)
        .satisfies(
            told ->
                assertThat(told)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("interrupted", "huge.gguf"));
    assertThat(ownThreads()).as("it may be wanted again").hasSize(1);
  }

  @Test
  void the_end_of_the_process_does_not_wait_for_a_start() {
    waiting();

    assertThat(CompletableFuture.runAsync(registry::endStarts)).succeedsWithin(SOON);

    assertThat(refused)
        .succeedsWithin(SOON)
        .satisfies(
            told ->
                assertThat(told)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("closed", "huge.gguf"));
  }

  @Test
  void a_process_that_ends_starts_no_engine() {
    registry.closeAll();

    assertThatThrownBy(() -> registry.acquire(settings))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the process ends");
    assertThat(ownThreads()).isEmpty();
  }

  /** A thread that waits for an engine whose model is being hashed. */
  private Thread waiting() {
    Thread waiting =
        new Thread(
            () -> {
              try {
                registry.acquire(settings);
              } catch (RuntimeException e) {
                refused.complete(e);
              }
            });
    waiting.start();
    await().atMost(SOON).until(() -> !ownThreads().isEmpty());
    return waiting;
  }

  private Set<Thread> ownThreads() {
    Set<Thread> threads = engineThreads();
    threads.removeAll(before);
    return threads;
  }

  private static Set<Thread> engineThreads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> !thread.getName().equals("kaiseki-engine"));
    return threads;
  }
}
