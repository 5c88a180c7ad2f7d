package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchSubjectTest {

  @TempDir Path directory;

  @Test
  void fewer_documents_than_asked_for_are_told() throws IOException {
    BenchSubject subject = ofThreeDocuments();
    subject.documents = 3;

    assertThat(subject.shortfall(subject.workload()))
        .hasValueSatisfying(
            told -> assertThat(told).startsWith("Of 3 documents asked for, a pass has 2:"));
  }

  @Test
  void as_many_documents_as_asked_for_need_no_word_nor_does_a_number_nobody_gave()
      throws IOException {
    BenchSubject subject = ofThreeDocuments();

    assertThat(subject.shortfall(subject.workload())).isEmpty();
    subject.documents = 2;
    assertThat(subject.shortfall(subject.workload())).isEmpty();
  }

  private BenchSubject ofThreeDocuments() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      Files.writeString(directory.resolve(name + ".txt"), "Text of " + name);
    }
    BenchSubject subject = new BenchSubject();
    subject.workload = "triage";
    subject.analysis = "ticket-triage";
    subject.from = List.of(directory);
    return subject;
  }
}
