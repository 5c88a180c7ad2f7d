package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.gguf.ModelFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who is admitted, and whose slot is given up for whom; nothing is decoded. */
class AdmissionIT {

  private static final Schema NOTE =
      Requests.schema(
          """
          {"type": "record", "name": "Note", "fields": [
            {"name": "note", "type": "string", "maxLength": 24}
          ]}
          """);

  private static final String TEXT = "My parcel is late.";
  private static final int SLOTS = Admission.PREFIXES + 1;

  /** More slots than any test here should make: who goes round in circles needs them. */
  private static final int ENOUGH = 100;

  private static LoadedModel loaded;
  private static NativeModel model;
  private static NativeContext context;

  private int made;

  @BeforeAll
  static void load() {
    loaded = Requests.load(Requests.settings(TinyModel.narrow(), 1, 8_192));
    model = new NativeModel(LlamaLibrary.load("shipped"), ModelFile.open(TinyModel.narrow()));
    context = new NativeContext(model, 1_024, 512, Admission.sequences(SLOTS), 1);
  }

  @AfterAll
  static void close() {
    context.close();
    model.close();
    loaded.close();
  }

  @Test
  void a_waiting_request_that_becomes_live_between_two_looks_at_the_queue_is_admitted_once() {
    Analysis analysis = analysis(0);
    PendingRequest soon = prepared(analysis, Lane.BACKFILL, 1_000);
    PendingRequest later = prepared(analysis, Lane.BACKFILL, 2_000);
    int one = soon.plan().prefix().length + soon.cells();
    Admission admission = admission(one + soon.cells() / 2);
    admission.waiting().addAll(List.of(soon, later));
    admission.admit(0);
    assertThat(running(admission)).containsExactly(soon.flight());

    assertThat(later.flight().join(waiter(analysis, Lane.LIVE, 3_000))).isTrue();
    admission.admit(0);

    assertThat(running(admission)).containsExactly(later.flight());
    assertThat(waiting(admission)).containsExactly(soon.flight());
  }

  @Test
  void a_backfill_is_not_given_up_for_a_live_request_that_lacks_a_place_for_its_prefix() {
    Admission admission = admission(Integer.MAX_VALUE);
    PendingRequest backfill = prepared(analysis(0), Lane.BACKFILL, 1_000);
    PendingRequest other = prepared(analysis(Admission.PREFIXES), Lane.LIVE, 2_000);
    admitLive(admission, 0);
    admit(admission, backfill);
    admit(admission, other);

    assertThat(running(admission))
        .hasSize(Admission.PREFIXES + 1)
        .contains(backfill.flight())
        .doesNotContain(other.flight());
  }

  @Test
  void a_backfill_is_given_up_for_a_live_request_that_can_have_the_place_of_its_prefix() {
    Admission admission = admission(Integer.MAX_VALUE);
    PendingRequest backfill = prepared(analysis(0), Lane.BACKFILL, 1_000);
    PendingRequest other = prepared(analysis(Admission.PREFIXES), Lane.LIVE, 2_000);
    admitLive(admission, 1);
    admit(admission, backfill);
    admit(admission, other);

    assertThat(running(admission)).hasSize(Admission.PREFIXES).contains(other.flight());
    assertThat(waiting(admission)).containsExactly(backfill.flight());
  }

  @Test
  void a_backfill_that_has_no_room_beside_live_requests_keeps_no_other_backfill_waiting() {
    Analysis analysis = analysis(0);
    PendingRequest live = prepared(analysis, Lane.LIVE, 1_000);
    PendingRequest large = prepared(analysis, Lane.BACKFILL, 2_000, "Late again. ".repeat(20));
    PendingRequest small = prepared(analysis, Lane.BACKFILL, 3_000);

    Admission admission = admittedWithRoomForLargeAlone(live, large, small);

    assertThat(running(admission)).containsExactly(live.flight(), small.flight());
    assertThat(waiting(admission)).containsExactly(large.flight());
  }

  @Test
  void a_backfill_that_only_has_to_wait_for_other_backfill_is_not_overtaken() {
    Analysis analysis = analysis(0);
    PendingRequest first = prepared(analysis, Lane.BACKFILL, 1_000);
    PendingRequest large = prepared(analysis, Lane.BACKFILL, 2_000, "Late again. ".repeat(20));
    PendingRequest small = prepared(analysis, Lane.BACKFILL, 3_000);

    Admission admission = admittedWithRoomForLargeAlone(first, large, small);

    assertThat(running(admission)).containsExactly(first.flight());
  }

  /** The first runs when the others come, in a context with room for the large one alone. */
  private Admission admittedWithRoomForLargeAlone(
      PendingRequest first, PendingRequest large, PendingRequest small) {
    Admission admission = admission(first.plan().prefix().length + large.cells());
    admit(admission, first);
    admission.waiting().addAll(List.of(large, small));
    admission.admit(0);
    return admission;
  }

  /** Live requests of the analyses from one on, each with a prefix of its own. */
  private void admitLive(Admission admission, int first) {
    for (int i = first; i < Admission.PREFIXES; i++) {
      admit(admission, prepared(analysis(i), Lane.LIVE, i));
    }
  }

  private static void admit(Admission admission, PendingRequest request) {
    admission.waiting().add(request);
    admission.admit(0);
  }

  private Admission admission(int capacity) {
    return new Admission(context, new EngineCounters(), this::slot, SLOTS, capacity);
  }

  private Slot slot(
      PendingRequest pending, Prefix prefix, boolean prefixReused, int sequence, long now) {
    made++;
    assertThat(made).as("slots made").isLessThan(ENOUGH);
    return new Slot(
        pending,
        prefix,
        prefixReused,
        sequence,
        new ReasoningSampler(new boolean[0]),
        model.vocabulary(),
        0,
        now);
  }

  private static Analysis analysis(int version) {
    return Requests.analysis("version " + version, NOTE, ReasoningPolicy.OFF);
  }

  private static PendingRequest prepared(Analysis analysis, Lane lane, long deadlineNanos) {
    return prepared(analysis, lane, deadlineNanos, TEXT);
  }

  private static PendingRequest prepared(
      Analysis analysis, Lane lane, long deadlineNanos, String text) {
    List<PendingRequest> prepared = new ArrayList<>();
    Flight flight = new Flight(waiter(analysis, lane, deadlineNanos, text), null);
    assertThat(loaded.prepare(flight, prepared::add)).isEmpty();
    return prepared.get(0);
  }

  private static Waiter waiter(Analysis analysis, Lane lane, long deadlineNanos) {
    return waiter(analysis, lane, deadlineNanos, TEXT);
  }

  private static Waiter waiter(Analysis analysis, Lane lane, long deadlineNanos, String text) {
    CompletionRequest request = new CompletionRequest("d", analysis, text, Instant.MAX, lane);
    return new Waiter(request, 0, deadlineNanos, new CompletableFuture<>());
  }

  private static List<Flight> running(Admission admission) {
    return admission.running().stream().map(slot -> slot.pending().flight()).toList();
  }

  private static List<Flight> waiting(Admission admission) {
    return admission.waiting().stream().map(PendingRequest::flight).toList();
  }
}
