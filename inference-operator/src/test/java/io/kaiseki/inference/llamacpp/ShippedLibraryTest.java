package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.llamacpp.build.NativeCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippedLibraryTest {

  private static final String CACHE = "kaiseki.cache";

  @TempDir Path directory;

  private final String before = System.getProperty(CACHE, "");

  @BeforeEach
  void use_a_cache_of_its_own() {
    System.setProperty(CACHE, directory.toString());
  }

  @AfterEach
  void give_the_cache_back() {
    System.setProperty(CACHE, before);
  }

  @Test
  void what_is_unpacked_already_is_used_again() throws IOException {
    Path library = ShippedLibrary.extracted();

    assertThat(ShippedLibrary.extracted()).isEqualTo(library);
    assertThat(leftInCache()).containsExactly(library.getParent());
  }

  @Test
  void a_library_that_can_not_be_unpacked_leaves_nothing_behind() throws IOException {
    Path place = ShippedLibrary.extracted().getParent();
    Files.delete(place.resolve(ShippedLibrary.fileName()));
    Files.delete(place);
    Files.writeString(place, "in the way");

    assertThatThrownBy(ShippedLibrary::extracted)
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining("kaiseki.cache");
    assertThat(leftInCache()).containsExactly(place);
  }

  private static List<Path> leftInCache() throws IOException {
    try (Stream<Path> files = Files.list(NativeCache.directory())) {
      return files.toList();
    }
  }
}
