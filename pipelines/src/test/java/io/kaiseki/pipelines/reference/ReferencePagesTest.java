package io.kaiseki.pipelines.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The pages in docs/ say what the code declares. */
class ReferencePagesTest {

  /** What writes them anew. */
  static final String REWRITE =
      "mvn -pl pipelines -am test -Dtest=ReferencePagesTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dkaiseki.reference.write=true";

  private static final Path DOCS = Path.of("..", "docs");

  @TestFactory
  Stream<DynamicTest> each_page_says_what_the_code_declares() {
    return ReferencePages.all().entrySet().stream()
        .map(page -> DynamicTest.dynamicTest(page.getKey(), () -> check(page)));
  }

  private static void check(Map.Entry<String, String> page) throws IOException {
    Path file = DOCS.resolve(page.getKey());
    if (Boolean.getBoolean("kaiseki.reference.write")) {
      Files.writeString(file, page.getValue(), StandardCharsets.UTF_8);
    }
    String onDisk =
        Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "no such file";
    assertThat(onDisk)
        .as(
            "docs/%s differs from what the code declares; write it anew: %s",
            page.getKey(), REWRITE)
        .isEqualTo(page.getValue());
  }
}
