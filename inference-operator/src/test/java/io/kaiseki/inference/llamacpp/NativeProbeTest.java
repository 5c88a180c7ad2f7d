package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.llamacpp.build.BuildRefusedException;
import io.kaiseki.inference.llamacpp.build.InstalledBuild;
import io.kaiseki.inference.llamacpp.build.PinnedBuild;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the trial of a build ends whose process does not end well; a shell plays the process. */
class NativeProbeTest {

  private static final InstalledBuild BUILD =
      new InstalledBuild(PinnedBuild.all().get(0), Path.of("nowhere"));

  /** The directories that the processes were given. */
  private final List<Path> directories = new ArrayList<>();

  @Test
  void last_words_in_no_encoding_hid_how_the_process_died() {
    assertThatThrownBy(
            () -> probe("printf 'free(): \\377\\376 gone'; exit 134", Duration.ofMinutes(1)))
        .isInstanceOf(BuildRefusedException.class)
        .hasMessageContainingAll("exit code 134", "free(): ", " gone")
        .hasNoSuppressedExceptions();
    assertThat(directories).hasSize(1).noneMatch(directory -> directory.toFile().exists());
  }

  @Test
  void what_a_killed_process_still_wrote_hid_that_it_had_not_ended() {
    String busy = "i=0; while :; do i=$((i+1)); echo > \"$1/file$i\"; done";

    assertThatThrownBy(() -> probe(busy, Duration.ofMillis(200)))
        .isInstanceOf(BuildRefusedException.class)
        .hasMessageContaining("it has not loaded within")
        .hasNoSuppressedExceptions();
    assertThat(directories).hasSize(1).noneMatch(directory -> directory.toFile().exists());
  }

  private void probe(String script, Duration patience) {
    NativeProbe.inChild(
        BUILD,
        directory -> {
          directories.add(directory);
          return List.of("sh", "-c", script, "sh", directory.toString());
        },
        patience);
  }
}
