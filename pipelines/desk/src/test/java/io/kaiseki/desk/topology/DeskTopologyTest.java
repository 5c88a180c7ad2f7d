package io.kaiseki.desk.topology;

import static io.kaiseki.desk.topology.DrivenDesk.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.desk.Triage;
import io.kaiseki.desk.model.Status;
import io.kaiseki.desk.state.Entry;
import io.kaiseki.desk.state.Minute;
import io.kaiseki.desk.view.LocalRows;
import io.kaiseki.desk.view.Row;
import io.kaiseki.schemas.DeadLetterReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeskTopologyTest {

  private static final Instant NOW = DrivenDesk.NOW;

  @TempDir private Path state;

  private final LocalRows rows = new LocalRows();
  private DrivenDesk desk;
  private Triage triage;
  private TestInputTopic<byte[], byte[]> documents;
  private TestInputTopic<byte[], byte[]> results;
  private TestInputTopic<byte[], byte[]> letters;
  private TestInputTopic<byte[], byte[]> feedback;

  @BeforeEach
  void start() {
    desk = new DrivenDesk(state, rows);
    triage = desk.triage;
    documents = desk.documents;
    results = desk.results;
    letters = desk.letters;
    feedback = desk.feedback;
  }

  @AfterEach
  void stop() throws Exception {
    desk.close();
  }

  @Test
  void the_latest_result_of_a_document_is_the_one_that_is_kept() {
    send(results, "a", triage.result("a", "billing", 0.9, NOW));
    send(results, "a", triage.result("a", "delivery", 0.8, NOW.plusSeconds(5)));

    Entry entry = entries().get("a");
    assertThat(Status.of(entry)).isEqualTo(Status.OPEN);
    assertThat(rows.find(RowQueries.all()).rows())
        .singleElement()
        .satisfies(row -> assertThat(row.values()).containsEntry("category", "delivery"));
    assertThat(entry.getFirstAnsweredAt()).isEqualTo(NOW);
  }

  @Test
  void the_order_in_which_topics_tell_of_a_document_makes_no_difference() {
    byte[] document = triage.document("a", "Bill", "Wrong bill", NOW.minusSeconds(30));
    byte[] result = triage.result("a", "billing", 0.9, NOW);
    send(documents, "any key", document);
    send(results, "a", result);
    Entry one = entries().get("a");
    Map<String, Long> counted = tallies();
    Minute minute = minutes().get(Minutes.minute(NOW));

    send(results, "b", triage.result("b", "billing", 0.9, NOW));
    send(documents, "other key", triage.document("b", "Bill", "Wrong bill", NOW.minusSeconds(30)));
    Entry other = entries().get("b");

    assertThat(Status.of(other)).isEqualTo(Status.of(one));
    assertThat(other.getLatencyCounted()).isTrue();
    assertThat(tallies().get("status\u001fopen")).isEqualTo(2 * counted.get("status\u001fopen"));
    assertThat(histogram(minutes().get(Minutes.minute(NOW))).getTotalCount())
        .isEqualTo(2 * histogram(minute).getTotalCount());
  }

  @Test
  void open_work_is_counted_by_the_values_of_closed_fields_and_moves_with_them() {
    send(results, "a", triage.result("a", "billing", 0.9, NOW));
    send(results, "b", triage.result("b", "billing", 0.9, NOW));
    send(results, "c", triage.result("c", "fraud_or_security", 0.9, NOW));

    assertThat(tallies())
        .containsEntry(Tallies.key("open", "category", "billing"), 2L)
        .containsEntry(Tallies.key("open", "category", "fraud_or_security"), 1L)
        .containsEntry(Tallies.key("open", "priority", "high"), 2L)
        .containsEntry(Tallies.key("open", "suggestedTeam", "first_line"), 3L)
        .containsEntry(Tallies.key("open", "needsHuman", "true"), 1L);

    send(results, "b", triage.result("b", "delivery", 0.9, NOW));
    send(feedback, "a", triage.feedback("a", "category", "billing", "billing", NOW));

    assertThat(tallies())
        .doesNotContainKey(Tallies.key("open", "category", "billing"))
        .containsEntry(Tallies.key("open", "category", "delivery"), 1L)
        .containsEntry(Tallies.key("status", "reviewed"), 1L)
        .containsEntry(Tallies.key("status", "open"), 2L);
  }

  @Test
  void unsure_results_are_counted_until_somebody_reviews_them() {
    send(results, "a", triage.result("a", "billing", 0.4, NOW));
    send(results, "b", triage.result("b", "billing", 0.7, NOW));
    assertThat(tallies()).containsEntry(Tallies.UNSURE, 1L);
    assertThat(rows.find(RowQueries.unsure()).rows()).extracting("id").containsExactly("a");

    send(feedback, "a", triage.feedback("a", "category", "billing", "other", NOW));
    assertThat(tallies()).doesNotContainKey(Tallies.UNSURE);
  }

  @Test
  void what_happens_is_counted_in_the_minute_in_which_it_happened() {
    send(documents, "", triage.document("a", null, "text", NOW.minusSeconds(90)));
    send(documents, "", triage.document("b", null, "text", NOW));
    send(results, "a", triage.result("a", "billing", 0.9, NOW));
    send(letters, "", triage.letter("b", DeadLetterReason.DEADLINE, 1, NOW));
    send(feedback, "a", triage.feedback("a", "category", "billing", "other", NOW));
    send(feedback, "a", triage.feedback("a", "priority", "high", "high", NOW.plusSeconds(1)));

    Minute before = minutes().get(Minutes.minute(NOW) - 1);
    Minute minute = minutes().get(Minutes.minute(NOW));
    assertThat(minutes().get(Minutes.minute(NOW.minusSeconds(90))).getReceived()).isEqualTo(1);
    assertThat(before == null ? 0 : before.getAnswered()).isZero();
    assertThat(minute.getReceived()).isEqualTo(1);
    assertThat(minute.getAnswered()).isEqualTo(1);
    assertThat(minute.getFailed()).isEqualTo(1);
    assertThat(minute.getReviewed()).isEqualTo(1);
    assertThat(minute.getCorrected()).isEqualTo(1);
  }

  @Test
  void latency_is_measured_from_received_to_the_first_result() {
    send(documents, "", triage.document("a", null, "text", NOW.minusSeconds(40)));
    send(results, "a", triage.result("a", "billing", 0.9, NOW));
    send(results, "a", triage.result("a", "billing", 0.9, NOW.plusSeconds(300)));

    Histogram histogram = histogram(minutes().get(Minutes.minute(NOW)));
    assertThat(histogram.getTotalCount()).isEqualTo(1);
    assertThat(histogram.getMaxValue()).isBetween(40_000L, 40_500L);
  }

  @Test
  void dead_letters_are_counted_by_reason_until_there_is_a_result() {
    send(letters, "x", triage.letter("a", DeadLetterReason.DEADLINE, 1, NOW));
    send(letters, "x", triage.letter("b", DeadLetterReason.DEADLINE, 2, NOW));
    send(letters, "x", triage.letter(null, DeadLetterReason.UNDECODABLE, 3, NOW));
    assertThat(tallies())
        .containsEntry(Tallies.key("failed", "DEADLINE"), 2L)
        .containsEntry(Tallies.key("failed", "UNDECODABLE"), 1L);
    assertThat(entries().get("tickets/0/3")).isNotNull();

    send(results, "a", triage.result("a", "billing", 0.9, NOW));
    assertThat(tallies()).containsEntry(Tallies.key("failed", "DEADLINE"), 1L);
  }

  @Test
  void dead_letters_of_other_analyses_in_the_topic_are_not_the_desks() {
    send(letters, "x", triage.letter("mail-routing", "a", DeadLetterReason.TOO_LONG, 1, NOW));
    send(letters, "x", triage.letter("mail-routing", null, DeadLetterReason.UNDECODABLE, 2, NOW));
    send(letters, "x", triage.letter("a", DeadLetterReason.DEADLINE, 1, NOW));

    assertThat(kept()).containsExactly("a");
    assertThat(tallies())
        .containsEntry(Tallies.key("failed", "DEADLINE"), 1L)
        .doesNotContainKeys(
            Tallies.key("failed", "TOO_LONG"), Tallies.key("failed", "UNDECODABLE"));
    assertThat(minutes().get(Minutes.minute(NOW)).getFailed()).isEqualTo(1);
    assertThat(desk.setAside()).isEmpty();
  }

  @Test
  void models_and_versions_in_use_are_counted() {
    send(results, "a", triage.result("a", "billing", 0.9, NOW));
    send(results, "b", triage.result("b", "billing", 0.9, NOW));
    assertThat(tallies()).containsEntry(Tallies.key("version", "tiny.gguf", "b4916", "v1"), 2L);
  }

  @Test
  void agreement_compares_the_latest_word_of_people_with_the_latest_answer() {
    send(results, "a", triage.result("a", "billing", 0.9, NOW));
    send(feedback, "a", triage.feedback("a", "category", "billing", "delivery", NOW));
    send(feedback, "a", triage.feedback("a", "priority", "high", "high", NOW));
    assertThat(tallies())
        .containsEntry(Tallies.key("corrected", "category", "billing", "delivery"), 1L)
        .containsEntry(Tallies.key("agreed", "priority"), 1L);

    send(results, "a", triage.result("a", "delivery", 0.9, NOW.plusSeconds(60)));
    assertThat(tallies())
        .doesNotContainKey(Tallies.key("corrected", "category", "billing", "delivery"))
        .containsEntry(Tallies.key("agreed", "category"), 1L);
  }

  @Test
  void words_on_answers_of_other_analyses_in_the_topic_are_not_the_desks() {
    send(results, "a", triage.result("a", "billing", 0.9, NOW));
    send(feedback, "a", triage.feedback("mail-routing", "a", "category", "x", "delivery", NOW));

    assertThat(rows.find(RowQueries.all()).rows())
        .singleElement()
        .satisfies(row -> assertThat(row.values()).containsEntry("category", "billing"));
    assertThat(desk.setAside()).isEmpty();
  }

  @Test
  void a_correction_shows_in_the_list_and_leaves_the_result_as_it_was() {
    send(results, "a", triage.result("a", "billing", 0.9, NOW));
    send(feedback, "a", triage.feedback("a", "category", "billing", "delivery", NOW));

    assertThat(rows.find(RowQueries.all()).rows())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.values()).containsEntry("category", "delivery");
              assertThat(row.corrected()).containsExactly("category");
            });
    assertThat(entries().get("a").getAnswer().getFields())
        .filteredOn(field -> field.getName().equals("category"))
        .singleElement()
        .satisfies(field -> assertThat(field.getValue()).isEqualTo("billing"));
  }

  @Test
  void a_word_on_a_part_holds_until_the_answer_changes_there_or_the_whole_is_put_right() {
    send(results, "a", references(NOW, "A-1", "A-2"));
    send(feedback, "a", triage.feedback("a", "references[1]", "A-2", "A-22", NOW));

    Row row = rows.find(RowQueries.of("a-22")).rows().get(0);
    assertThat(row.values()).containsEntry("references", "[\"A-1\",\"A-22\"]");
    assertThat(row.corrected()).containsExactly("references");
    assertThat(row.status()).isEqualTo(Status.REVIEWED);
    assertThat(tallies()).containsEntry(Tallies.key("corrected", "references[]", "", ""), 1L);

    send(results, "a", references(NOW.plusSeconds(5), "B-1", "B-2", "B-3"));
    assertThat(rows.find(RowQueries.of("a-22")).rows()).isEmpty();
    assertThat(rows.find(RowQueries.of("b-2")).rows()).hasSize(1);

    send(feedback, "a", triage.feedback("a", "references", "[]", "[\"C-1\"]", NOW));
    assertThat(entries().get("a").getReviews()).hasSize(1);
    assertThat(rows.find(RowQueries.of("c-1")).rows()).hasSize(1);
    assertThat(tallies()).doesNotContainKey(Tallies.key("corrected", "references[]", "", ""));
  }

  @Test
  void records_that_come_twice_count_once() {
    for (int i = 0; i < 2; i++) {
      send(documents, "", triage.document("a", "Bill", "text", NOW.minusSeconds(5)));
      send(results, "a", triage.result("a", "billing", 0.9, NOW));
      send(letters, "", triage.letter("b", DeadLetterReason.DEADLINE, 1, NOW));
      send(feedback, "a", triage.feedback("a", "category", "billing", "other", NOW));
    }
    Minute minute = minutes().get(Minutes.minute(NOW));
    assertThat(minute.getReceived()).isEqualTo(1);
    assertThat(minute.getAnswered()).isEqualTo(1);
    assertThat(minute.getFailed()).isEqualTo(1);
    assertThat(minute.getReviewed()).isEqualTo(1);
    assertThat(minute.getCorrected()).isEqualTo(1);
    assertThat(histogram(minute).getTotalCount()).isEqualTo(1);
    assertThat(tallies().get(Tallies.key("status", "reviewed"))).isEqualTo(1);
  }

  @Test
  void a_record_that_is_no_result_is_set_aside_and_the_view_serves_on() {
    byte[] noise = "not avro".getBytes(StandardCharsets.UTF_8);
    send(results, "x", noise);
    send(results, "another key", triage.result("y", "billing", 0.9, NOW));
    send(results, "z", triage.document("z", null, "no result at all", NOW));
    send(results, "a", triage.result("a", "billing", 0.9, NOW));

    List<byte[]> aside = new ArrayList<>();
    desk.setAside().forEach(record -> aside.add(record.value()));
    assertThat(aside).hasSize(3);
    assertThat(aside.get(0)).isEqualTo(noise);
    assertThat(tallies()).containsEntry(Tallies.key("status", "open"), 1L);
    assertThat(rows.find(RowQueries.all()).rows()).extracting("id").containsExactly("a");
  }

  @Test
  void a_tombstone_in_the_results_topic_makes_the_desk_forget_the_document() {
    send(results, "a", triage.result("a", "billing", 0.9, NOW));
    send(results, "a", null);
    assertThat(entries().get("a")).isNull();
    assertThat(tallies()).isEmpty();
    assertThat(rows.find(RowQueries.all()).rows()).isEmpty();
  }

  @Test
  void what_nothing_was_heard_of_for_the_retention_is_forgotten() {
    send(results, "a", triage.result("a", "billing", 0.9, NOW));
    desk.driver.advanceWallClockTime(Duration.ofDays(20));
    send(results, "b", triage.result("b", "billing", 0.9, NOW.plus(Duration.ofDays(20))));
    desk.driver.advanceWallClockTime(Duration.ofDays(11));

    assertThat(rows.find(RowQueries.all()).rows()).extracting("id").containsExactly("b");
    assertThat(tallies()).containsEntry(Tallies.key("open", "category", "billing"), 1L);
    assertThat(minutes().get(Minutes.minute(NOW))).isNull();
  }

  @Test
  void many_that_are_forgotten_at_one_time_go_a_portion_at_a_time() {
    send(results, "d-0", triage.result("d-0", "billing", 0.9, NOW));
    int many = 2 * Sweep.PORTION + 300;
    for (int i = 1; i < many; i++) {
      // Through the topics each would cost a commit.
      entries().put("d-" + i, Entry.newBuilder(entries().get("d-0")).setId("d-" + i).build());
    }
    desk.driver.advanceWallClockTime(Duration.ofDays(20));
    // That began a round; it goes on to its end, and the next one begins anew.
    for (int i = 0; i < 30; i++) {
      desk.driver.advanceWallClockTime(EntryProcessor.SWEEP_PAUSE);
    }
    Instant later = NOW.plus(Duration.ofDays(20));
    send(results, "d-0", triage.result("d-0", "delivery", 0.9, later));
    assertThat(kept()).hasSize(many);

    desk.driver.advanceWallClockTime(Duration.ofDays(11));
    int left = kept().size();
    assertThat(many - left).isBetween(1, Sweep.PORTION);
    while (left > 1) {
      desk.driver.advanceWallClockTime(EntryProcessor.SWEEP_PAUSE);
      int before = left;
      left = kept().size();
      assertThat(before - left).isBetween(1, Sweep.PORTION);
    }

    assertThat(kept()).containsExactly("d-0");
  }

  @Test
  void a_portion_of_large_entries_ends_when_its_time_is_over() {
    for (String id : List.of("a", "b", "c", "d", "e")) {
      send(results, id, triage.result(id, "billing", 0.9, NOW));
    }
    AtomicLong nanos = new AtomicLong();
    Sweep sweep = new Sweep(entries(), nanos::get);
    List<String> old = new ArrayList<>();
    Consumer<Entry> slow =
        entry -> {
          old.add(entry.getId());
          nanos.addAndGet(Sweep.LONGEST.toNanos() / 2);
        };

    assertThat(sweep.portion(NOW.plusSeconds(1), slow)).isFalse();
    assertThat(old).containsExactly("a", "b");
    assertThat(sweep.portion(NOW.plusSeconds(1), slow)).isFalse();
    assertThat(sweep.portion(NOW.plusSeconds(1), slow)).isTrue();
    assertThat(old).containsExactly("a", "b", "c", "d", "e");
  }

  private List<String> kept() {
    List<String> ids = new ArrayList<>();
    try (var all = entries().all()) {
      all.forEachRemaining(entry -> ids.add(entry.key));
    }
    return ids;
  }

  private byte[] references(Instant at, String... references) {
    return triage.result("a", "billing", 0.9, null, List.of(references), at, 0);
  }

  private KeyValueStore<String, Entry> entries() {
    return desk.entries();
  }

  private KeyValueStore<Long, Minute> minutes() {
    return desk.minutes();
  }

  private Map<String, Long> tallies() {
    return desk.tallies();
  }

  private static Histogram histogram(Minute minute) {
    return LatencyHistogram.read(minute.getLatency());
  }
}
