package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.bench.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchSubjectTest {

  @TempDir Path directory;

  @Test
  void where_there_are_fewer_documents_than_asked_for_they_come_round_again_and_that_is_told()
      throws IOException {
    BenchSubject subject = ofThreeDocuments();
    subject.documents = 5;
    List<String> told = new ArrayList<>();

    Workload full = subject.full(subject.workload(), told::add);

    assertThat(full.documents())
        .containsExactly(
            "Text of a", "Text of b", "3\n\nText of a", "4\n\nText of b", "5\n\nText of a");
    assertThat(full.warmUp()).isEqualTo("Text of c");
    assertThat(told).singleElement().asString().startsWith("There are 2 documents").contains("5");
  }

  @Test
  void as_many_documents_as_asked_for_need_no_word_nor_does_a_number_nobody_gave()
      throws IOException {
    BenchSubject subject = ofThreeDocuments();

    List<String> told = new ArrayList<>();

    assertThat(subject.full(subject.workload(), told::add).documents()).hasSize(2);
    subject.documents = 2;
    assertThat(subject.full(subject.workload(), told::add).documents()).hasSize(2);
    assertThat(told).isEmpty();
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
