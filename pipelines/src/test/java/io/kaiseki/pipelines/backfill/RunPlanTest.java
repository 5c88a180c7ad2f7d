package io.kaiseki.pipelines.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.pipelines.backfill.archive.ReadOptions;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPlanTest {

  private static final BackfillListener DEAF =
      (BackfillListener)
          Proxy.newProxyInstance(
              RunPlanTest.class.getClassLoader(),
              new Class<?>[] {BackfillListener.class},
              (proxy, method, arguments) -> null);

  /** Wants the run to stop. */
  private static final BackfillListener STOPPING =
      (BackfillListener)
          Proxy.newProxyInstance(
              RunPlanTest.class.getClassLoader(),
              new Class<?>[] {BackfillListener.class},
              (proxy, method, arguments) -> {
                if (method.isDefault()) {
                  return InvocationHandler.invokeDefault(proxy, method, arguments);
                }
                return method.getName().equals("stopRequested") ? true : null;
              });

  @TempDir Path directory;

  @Test
  void files_whose_names_the_locale_can_not_encode_are_told_before_anything_starts()
      throws IOException {
    Files.writeString(directory.resolve("a.txt"), "x");
    // As ISO-8859-1 writes an umlaut: no name in UTF-8, nor in ASCII.
    for (String name : List.of("b%FC.txt", "c%FC.txt")) {
      Files.writeString(Path.of(URI.create(directory.toUri() + name)), "x");
    }
    List<ConfigurationProblem> problems = new ArrayList<>();
    List<String> ids = new ArrayList<>();

    long documents =
        RunPlan.count(
            new BackfillSource.Files(List.of(directory), null, ReadOptions.USUAL),
            file -> ids.add(file.id()),
            DEAF,
            problems);

    assertThat(documents).isEqualTo(1);
    assertThat(ids).containsExactly("a.txt");
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).toString())
        .contains("b\uFFFD.txt")
        .contains("1 more")
        .contains("LC_ALL");
  }

  @Test
  void the_counting_of_an_archive_ends_where_a_stop_is_asked_for() throws IOException {
    Files.writeString(directory.resolve("a.csv"), "text\none\ntwo\n");

    assertThatThrownBy(
            () ->
                RunPlan.count(
                    new BackfillSource.Files(List.of(directory), null, ReadOptions.USUAL),
                    file -> {},
                    STOPPING,
                    new ArrayList<>()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stopped before the job began");
  }
}
