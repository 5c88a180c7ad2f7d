package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.telemetry.TraceContext;
import io.kaiseki.pipelines.job.RawRecord.RawHeader;
import io.kaiseki.pipelines.job.Rejection.Stage;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class RecordTypesTest {

  private static final TraceContext TRACE =
      new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "shop=7");

  private static final RawRecord FULL =
      new RawRecord(
          "topic",
          3,
          1L << 40,
          1_700_000_000_000L,
          new byte[] {1},
          new byte[] {0, -1, 2},
          List.of(new RawHeader("a", new byte[] {5}), new RawHeader("a", null)));
  private static final RawRecord BARE = new RawRecord("t", 0, 0, -1, null, null, List.of());

  @Test
  void a_record_comes_back_with_every_byte_and_null_is_not_empty() throws IOException {
    RawRecord full = roundTrip(RecordTypes.RAW_RECORD, FULL);
    RawRecord bare = roundTrip(RecordTypes.RAW_RECORD, BARE);
    RawRecord empty =
        roundTrip(
            RecordTypes.RAW_RECORD,
            new RawRecord("t", 0, 0, 0, new byte[0], new byte[0], List.of()));

    assertThat(full).usingRecursiveComparison().isEqualTo(FULL);
    assertThat(bare).usingRecursiveComparison().isEqualTo(BARE);
    assertThat(empty.key()).isEmpty();
    assertThat(empty.value()).isEmpty();
  }

  @Test
  void a_document_longer_than_64_kib_comes_back_with_any_character() throws IOException {
    PreparedDocument document =
        new PreparedDocument(FULL, "d1", "\0\uD83D\uDE00\uFFFD".repeat(50_000));

    assertThat(roundTrip(RecordTypes.PREPARED_DOCUMENT, document))
        .usingRecursiveComparison()
        .isEqualTo(document);
  }

  @Test
  void a_rejection_comes_back_with_and_without_an_id() throws IOException {
    Rejection named =
        new Rejection(FULL, "d1", Stage.ANALYSE, FailureReason.DEADLINE, "too late", 2, TRACE);
    Rejection nameless =
        new Rejection(BARE, null, Stage.DECODE, FailureReason.UNDECODABLE, "no document", 1);

    assertThat(roundTrip(RecordTypes.REJECTION, named)).usingRecursiveComparison().isEqualTo(named);
    assertThat(roundTrip(RecordTypes.REJECTION, nameless))
        .usingRecursiveComparison()
        .isEqualTo(nameless);
  }

  @Test
  void an_outgoing_record_comes_back_with_every_byte() throws IOException {
    OutgoingRecord record = new OutgoingRecord("topic", new byte[0], new byte[] {0, -1, 2}, TRACE);

    assertThat(roundTrip(RecordTypes.OUTGOING_RECORD, record))
        .usingRecursiveComparison()
        .isEqualTo(record);
  }

  @Test
  void state_is_read_by_a_serializer_restored_from_its_snapshot() throws IOException {
    TypeSerializer<RawRecord> serializer = serializer(RecordTypes.RAW_RECORD);
    DataOutputSerializer written = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(written, serializer.snapshotConfiguration());

    TypeSerializerSnapshot<RawRecord> restored =
        TypeSerializerSnapshot.readVersionedSnapshot(
            new DataInputDeserializer(written.getCopyOfBuffer()), getClass().getClassLoader());

    assertThat(restored.restoreSerializer()).isEqualTo(serializer);
    assertThat(
            serializer
                .snapshotConfiguration()
                .resolveSchemaCompatibility(restored)
                .isCompatibleAsIs())
        .isTrue();
  }

  private static <T> T roundTrip(TypeInformation<T> type, T value) throws IOException {
    TypeSerializer<T> serializer = serializer(type);
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(value, out);
    DataOutputSerializer copied = new DataOutputSerializer(64);
    serializer.copy(new DataInputDeserializer(out.getCopyOfBuffer()), copied);
    return serializer.deserialize(new DataInputDeserializer(copied.getCopyOfBuffer()));
  }

  private static <T> TypeSerializer<T> serializer(TypeInformation<T> type) {
    return type.createSerializer(new SerializerConfigImpl());
  }
}
