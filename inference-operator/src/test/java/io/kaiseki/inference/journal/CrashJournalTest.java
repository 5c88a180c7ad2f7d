package io.kaiseki.inference.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.journal.CrashJournal.Standing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashJournalTest {

  private static final Fingerprint FIRST = fingerprint(1);
  private static final Fingerprint SECOND = fingerprint(2);

  @TempDir Path directory;

  @Test
  void documents_that_were_in_native_code_when_a_process_was_killed_are_suspects()
      throws Exception {
    JournalProcess.dieWithin(directory, false, FIRST, SECOND);

    CrashJournal journal = CrashJournal.open(directory);

    assertThat(journal.standing(FIRST)).isEqualTo(Standing.SUSPECT);
    assertThat(journal.standing(SECOND)).isEqualTo(Standing.SUSPECT);
    assertThat(journal.standing(fingerprint(3))).isEqualTo(Standing.CLEAR);
    journal.close();
  }

  @Test
  void a_document_that_was_there_alone_is_in_quarantine_in_every_process_that_follows()
      throws Exception {
    JournalProcess.dieWithin(directory, false, FIRST, SECOND);
    JournalProcess.dieWithin(directory, true, SECOND);

    for (int start = 0; start < 2; start++) {
      CrashJournal journal = CrashJournal.open(directory);
      assertThat(journal.standing(FIRST)).isEqualTo(Standing.SUSPECT);
      assertThat(journal.standing(SECOND)).isEqualTo(Standing.QUARANTINED);
      journal.close();
    }
  }

  @Test
  void a_process_that_is_killed_before_it_has_met_its_suspects_passes_them_on() throws Exception {
    JournalProcess.dieWithin(directory, false, FIRST);
    JournalProcess.dieWithin(directory, false);

    CrashJournal journal = CrashJournal.open(directory);

    assertThat(journal.standing(FIRST)).isEqualTo(Standing.SUSPECT);
    journal.close();
  }

  @Test
  void a_suspect_that_has_passed_alone_is_clear_and_stays_so_after_an_orderly_end()
      throws Exception {
    JournalProcess.dieWithin(directory, false, FIRST, SECOND);
    CrashJournal journal = CrashJournal.open(directory);
    journal.acquit(FIRST);
    assertThat(journal.standing(FIRST)).isEqualTo(Standing.CLEAR);
    journal.review();
    assertThat(journal.standing(FIRST)).isEqualTo(Standing.CLEAR);
    journal.close();

    CrashJournal next = CrashJournal.open(directory);

    assertThat(next.standing(FIRST)).isEqualTo(Standing.CLEAR);
    assertThat(next.standing(SECOND)).isEqualTo(Standing.SUSPECT);
    next.close();
  }

  @Test
  void an_orderly_end_accuses_nobody() throws Exception {
    CrashJournal ended = CrashJournal.open(directory);
    ended.entry(FIRST, false).enter();
    ended.close();

    CrashJournal journal = CrashJournal.open(directory);

    assertThat(journal.standing(FIRST)).isEqualTo(Standing.CLEAR);
    assertThat(inFlightFiles()).hasSize(1);
    journal.close();
    assertThat(inFlightFiles()).isEmpty();
  }

  @Test
  void documents_that_have_left_native_code_are_no_suspects() throws Exception {
    CrashJournal living = CrashJournal.open(directory);
    JournalEntry entry = living.entry(FIRST, false);
    entry.enter();
    entry.leave();
    entry.leave();
    living.entry(SECOND, false).enter();

    assertThat(Files.readString(inFlightFiles().get(0)))
        .contains(SECOND.hex())
        .doesNotContain(FIRST.hex());
    living.close();
  }

  @Test
  void what_a_living_process_has_in_flight_is_left_to_it() throws Exception {
    CrashJournal here = CrashJournal.open(directory);
    here.entry(FIRST, true).enter();
    Process there = JournalProcess.start(directory, true, SECOND);
    try {
      CrashJournal journal = CrashJournal.open(directory);
      assertThat(journal.standing(FIRST)).isEqualTo(Standing.CLEAR);
      assertThat(journal.standing(SECOND)).isEqualTo(Standing.CLEAR);

      there.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
      journal.review();

      assertThat(journal.standing(FIRST)).isEqualTo(Standing.CLEAR);
      assertThat(journal.standing(SECOND)).isEqualTo(Standing.QUARANTINED);
      journal.close();
    } finally {
      there.destroyForcibly();
      here.close();
    }
  }

  @Test
  void more_documents_than_the_file_has_places_for_are_let_through() throws Exception {
    CrashJournal journal = CrashJournal.open(directory);
    List<JournalEntry> entries =
        IntStream.range(0, InFlightFile.MOST_ENTRIES + 5)
            .mapToObj(i -> journal.entry(fingerprint(i), false))
            .toList();

    entries.forEach(JournalEntry::enter);

    assertThat(Files.readAllLines(inFlightFiles().get(0))).hasSize(InFlightFile.MOST_ENTRIES);
    entries.forEach(JournalEntry::leave);
    assertThat(Files.readAllLines(inFlightFiles().get(0))).allMatch(String::isBlank);
    journal.close();
  }

  @Test
  void lists_keep_the_newest_and_are_bounded() throws Exception {
    FingerprintList list = new FingerprintList(directory.resolve("suspects"));
    list.write(
        new java.util.LinkedHashSet<>(
            IntStream.range(0, FingerprintList.MOST + 3)
                .mapToObj(CrashJournalTest::fingerprint)
                .toList()));

    assertThat(list.read())
        .hasSize(FingerprintList.MOST)
        .contains(fingerprint(FingerprintList.MOST + 2))
        .doesNotContain(fingerprint(2));
  }

  @Test
  void damaged_files_are_read_as_far_as_they_make_sense() throws Exception {
    Files.writeString(
        directory.resolve("dead.inflight"),
        "s " + FIRST.hex() + "\na nonsense\n\0\0\0" + "s " + SECOND.hex().substring(3),
        StandardCharsets.ISO_8859_1);
    Files.writeString(directory.resolve("quarantined"), "nonsense\n" + SECOND.hex() + "\n\n");

    CrashJournal journal = CrashJournal.open(directory);

    assertThat(journal.standing(FIRST)).isEqualTo(Standing.SUSPECT);
    assertThat(journal.standing(SECOND)).isEqualTo(Standing.QUARANTINED);
    journal.close();
  }

  private List<Path> inFlightFiles() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(InFlightFile.SUFFIX)).toList();
    }
  }

  private static Fingerprint fingerprint(int number) {
    return new Fingerprint(String.format("%032x", number));
  }
}
