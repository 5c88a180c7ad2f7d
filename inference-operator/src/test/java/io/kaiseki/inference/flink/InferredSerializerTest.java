package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.DocumentReading;
import io.kaiseki.inference.Escalation;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.telemetry.TraceContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.types.StringValue;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class InferredSerializerTest {

  private final TypeSerializer<Inferred<String, Outcome>> serializer =
      InferredTypeInfo.of(Types.STRING, Completions.ANALYSIS)
          .createSerializer(new SerializerConfigImpl());

  private final Inferred<String, Outcome> answered =
      inferred(
          new Outcome.Answered(
              Completions.completion(Completions.answer("no light"), "Let me think.")));

  @Test
  void an_answered_document_comes_back_with_every_field() throws IOException {
    assertThat(roundTrip(serializer, answered)).isEqualTo(answered);
  }

  @Test
  void a_failed_document_comes_back_with_reason_and_message() throws IOException {
    var failed = inferred(new Outcome.Failed(FailureReason.TOO_LONG, "9000 tokens, 4096 fit"));

    assertThat(roundTrip(serializer, failed)).isEqualTo(failed);
  }

  @Test
  void an_answer_without_reasoning_stays_without() throws IOException {
    var silent = inferred(Completions.answered("no light"));

    assertThat(roundTrip(serializer, silent)).isEqualTo(silent);
  }

  @Test
  void reasoning_beyond_64_KiB_and_with_lone_surrogates_survives() throws IOException {
    String reasoning = "思\uD83D\uDE00\uD800".repeat(30_000);
    var lengthy =
        inferred(new Outcome.Answered(Completions.completion(Completions.answer("s"), reasoning)));

    assertThat(roundTrip(serializer, lengthy)).isEqualTo(lengthy);
  }

  @Test
  void records_stand_one_behind_the_other_without_reading_ahead() throws IOException {
    var out = new DataOutputSerializer(64);
    serializer.serialize(answered, out);
    serializer.serialize(answered, out);
    var in = new DataInputDeserializer(out.getSharedBuffer(), 0, out.length());

    assertThat(serializer.deserialize(in)).isEqualTo(answered);
    assertThat(serializer.deserialize(answered, in)).isEqualTo(answered);
    assertThat(in.available()).isZero();
  }

  @Test
  void a_record_is_copied_from_stream_to_stream_byte_for_byte() throws IOException {
    var out = new DataOutputSerializer(64);
    serializer.serialize(answered, out);
    var copied = new DataOutputSerializer(64);

    serializer.copy(new DataInputDeserializer(out.getCopyOfBuffer()), copied);

    assertThat(copied.getCopyOfBuffer()).isEqualTo(out.getCopyOfBuffer());
  }

  @Test
  void a_copy_does_not_share_the_mutable_answer() {
    Inferred<String, Outcome> copy = serializer.copy(answered);
    answerOf(copy).put("summary", "changed");

    assertThat(answerOf(answered).get("summary")).hasToString("no light");
  }

  @Test
  void an_answer_that_was_reused_and_abstained_says_so_when_it_comes_back() throws IOException {
    Completion plain = Completions.completion(Completions.answer("s"), null);
    FieldConfidence unsure =
        new FieldConfidence("category", "OUTAGE", 0.5, Map.of("OUTAGE", 0.5), true);
    var reused =
        inferred(
            new Outcome.Answered(
                new Completion(
                    plain.answer(),
                    List.of(unsure),
                    null,
                    TokenUsage.NONE,
                    plain.finishReason(),
                    plain.timings(),
                    true)));

    assertThat(roundTrip(serializer, reused)).isEqualTo(reused);
  }

  @Test
  void the_trace_of_a_document_comes_back() throws IOException {
    var traced =
        new Inferred<String, Outcome>(
            "the lamp is dark",
            Completions.answered("s"),
            2,
            ScriptedEngine.DESCRIPTION,
            new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=b"));

    assertThat(roundTrip(serializer, traced)).isEqualTo(traced);
    assertThat(serializer.copy(traced)).isEqualTo(traced);
  }

  @Test
  void how_a_document_was_read_comes_back() throws IOException {
    Completion plain = Completions.completion(Completions.answer("s"), null);
    var reading = new DocumentReading(12, true, Map.of("email", 3, "iban", 1));
    var merged = inferred(new Outcome.Answered(plain.withReading(reading)));

    assertThat(roundTrip(serializer, merged)).isEqualTo(merged);
    assertThat(serializer.copy(merged)).isEqualTo(merged);
  }

  @Test
  void what_a_second_engine_answered_comes_back() throws IOException {
    Completion plain = Completions.completion(Completions.answer("s"), null);
    var escalation =
        new Escalation(ScriptedEngine.DESCRIPTION, plain.usage(), Duration.ofMillis(3), 0.25);
    var escalated = inferred(new Outcome.Answered(plain.withEscalation(escalation)));

    assertThat(roundTrip(serializer, escalated)).isEqualTo(escalated);
    assertThat(serializer.copy(escalated)).isEqualTo(escalated);
  }

  @Test
  void an_answer_written_before_long_documents_were_cut_is_still_read() throws IOException {
    // Without chunks, truncated, the number of masked kinds, and whether it was escalated.
    assertThat(serializer.deserialize(older(2, Integer.BYTES + 1 + Integer.BYTES + 1)))
        .isEqualTo(answered);
  }

  @Test
  void an_answer_written_before_there_was_a_second_engine_is_still_read() throws IOException {
    assertThat(serializer.deserialize(older(3, 1))).isEqualTo(answered);
  }

  /** The answer in an older form, which lacks so many bytes in front of the attempts. */
  private DataInputDeserializer older(int kind, int missing) throws IOException {
    var out = new DataOutputSerializer(64);
    serializer.serialize(answered, out);
    byte[] now = out.getCopyOfBuffer();
    var document = new DataOutputSerializer(64);
    StringSerializer.INSTANCE.serialize(answered.input(), document);
    var behind = new DataOutputSerializer(64);
    behind.writeInt(answered.attempts());
    OutcomeCodec.writeEngine(answered.engine(), behind);
    int cut = now.length - behind.length() - missing;
    var before = new DataOutputSerializer(64);
    before.write(now, 0, cut);
    before.write(now, cut + missing, behind.length());
    byte[] old = before.getCopyOfBuffer();
    assertThat(old[document.length()]).isEqualTo((byte) 4);
    old[document.length()] = (byte) kind;
    return new DataInputDeserializer(old);
  }

  @Test
  void an_answer_written_before_answers_could_be_reused_or_abstain_is_still_read()
      throws IOException {
    Completion plain = Completions.completion(Completions.answer("s"), null);
    var out = new DataOutputSerializer(64);
    StringSerializer.INSTANCE.serialize("the lamp is dark", out);
    out.writeByte(1);
    new AnswerCodec(Completions.SCHEMA).write(plain.answer(), out);
    out.writeInt(1);
    FieldConfidence confidence = plain.confidences().get(0);
    StringValue.writeString(confidence.field(), out);
    StringValue.writeString(confidence.label(), out);
    out.writeDouble(confidence.probability());
    out.writeInt(confidence.distribution().size());
    for (Map.Entry<String, Double> label : confidence.distribution().entrySet()) {
      StringValue.writeString(label.getKey(), out);
      out.writeDouble(label.getValue());
    }
    StringValue.writeString(plain.reasoning(), out);
    out.writeInt(plain.usage().prefix());
    out.writeBoolean(plain.usage().prefixReused());
    out.writeInt(plain.usage().document());
    out.writeInt(plain.usage().reasoning());
    out.writeInt(plain.usage().answer());
    out.writeInt(plain.usage().forced());
    StringValue.writeString(plain.finishReason().name(), out);
    out.writeLong(plain.timings().queued().toNanos());
    out.writeLong(plain.timings().timeToFirstToken().toNanos());
    out.writeLong(plain.timings().total().toNanos());
    out.writeInt(2);
    OutcomeCodec.writeEngine(ScriptedEngine.DESCRIPTION, out);

    assertThat(serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer())))
        .isEqualTo(inferred(new Outcome.Answered(plain)));
  }

  @Test
  void bytes_that_start_with_no_known_kind_of_outcome_are_refused() throws IOException {
    var out = new DataOutputSerializer(64);
    StringSerializer.INSTANCE.serialize("input", out);
    out.writeByte(7);

    assertThatThrownBy(
            () -> serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("7");
  }

  @Test
  void it_travels_in_the_job_graph_and_equals_itself_there() throws Exception {
    assertThat(InstantiationUtil.clone(serializer))
        .isEqualTo(serializer)
        .hasSameHashCodeAs(serializer);
    assertThat(serializer.duplicate()).isEqualTo(serializer).isNotSameAs(serializer);
  }

  @Test
  void neither_Kryo_nor_Java_serialization_is_behind_it() {
    var config = new SerializerConfigImpl();
    config.setGenericTypes(false);

    assertThat(InferredTypeInfo.of(Types.STRING, Completions.ANALYSIS).createSerializer(config))
        .isInstanceOf(InferredSerializer.class);
  }

  @Test
  void a_snapshot_restores_a_serializer_that_reads_what_was_written() throws IOException {
    TypeSerializerSnapshot<Inferred<String, Outcome>> snapshot = reread(serializer);

    assertThat(roundTrip(snapshot.restoreSerializer(), answered)).isEqualTo(answered);
    assertThat(compatibility(serializer, snapshot).isCompatibleAsIs()).isTrue();
  }

  @Test
  void state_of_an_older_contract_migrates_where_a_new_field_has_a_default() throws IOException {
    Schema older = schema("summary");
    Schema newer =
        SchemaBuilder.record("Triage")
            .namespace("test")
            .fields()
            .name("priority")
            .type()
            .intType()
            .intDefault(3)
            .requiredString("summary")
            .endRecord();
    TypeSerializerSnapshot<Inferred<String, Outcome>> oldSnapshot = reread(serializerOf(older));
    GenericRecord oldAnswer = new GenericData.Record(older);
    oldAnswer.put("summary", "no light");
    var out = new DataOutputSerializer(64);
    serializerOf(older)
        .serialize(inferred(new Outcome.Answered(Completions.completion(oldAnswer, null))), out);

    var restored =
        oldSnapshot
            .restoreSerializer()
            .deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
    GenericRecord migrated = answerOf(roundTrip(serializerOf(newer), restored));

    assertThat(compatibility(serializerOf(newer), oldSnapshot).isCompatibleAfterMigration())
        .isTrue();
    assertThat(migrated.getSchema()).isEqualTo(newer);
    assertThat(migrated.get("priority")).isEqualTo(3);
    assertThat(migrated.get("summary")).hasToString("no light");
  }

  @Test
  void state_of_a_contract_that_can_not_be_resolved_is_incompatible() throws IOException {
    var oldSnapshot = reread(serializerOf(schema("summary")));

    assertThat(compatibility(serializerOf(schema("title")), oldSnapshot).isIncompatible()).isTrue();
  }

  @Test
  void state_of_another_type_of_document_is_incompatible() throws IOException {
    var numbers =
        InferredTypeInfo.of(Types.LONG, Completions.ANALYSIS)
            .createSerializer(new SerializerConfigImpl());
    // A restored state knows its types only from its bytes, so nothing stops this comparison.
    @SuppressWarnings({"unchecked", "rawtypes"})
    TypeSerializerSnapshot<Inferred<String, Outcome>> oldSnapshot =
        (TypeSerializerSnapshot) reread(numbers);

    assertThat(compatibility(serializer, oldSnapshot).isIncompatible()).isTrue();
  }

  private static Schema schema(String field) {
    return SchemaBuilder.record("Triage")
        .namespace("test")
        .fields()
        .requiredString(field)
        .endRecord();
  }

  private static TypeSerializer<Inferred<String, Outcome>> serializerOf(Schema schema) {
    return new InferredSerializer<>(StringSerializer.INSTANCE, Outcome.class, schema);
  }

  private static Inferred<String, Outcome> inferred(Outcome outcome) {
    return new Inferred<>("the lamp is dark", outcome, 2, ScriptedEngine.DESCRIPTION);
  }

  private static GenericRecord answerOf(Inferred<String, Outcome> inferred) {
    return ((Outcome.Answered) inferred.outcome()).completion().answer();
  }

  private static <T> T roundTrip(TypeSerializer<T> serializer, T value) throws IOException {
    var out = new DataOutputSerializer(64);
    serializer.serialize(value, out);
    return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
  }

  private static <T> TypeSerializerSnapshot<T> reread(TypeSerializer<T> serializer)
      throws IOException {
    var out = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
    return TypeSerializerSnapshot.readVersionedSnapshot(
        new DataInputDeserializer(out.getCopyOfBuffer()),
        InferredSerializerTest.class.getClassLoader());
  }

  private static <T> TypeSerializerSchemaCompatibility<T> compatibility(
      TypeSerializer<T> newSerializer, TypeSerializerSnapshot<T> oldSnapshot) {
    return newSerializer.snapshotConfiguration().resolveSchemaCompatibility(oldSnapshot);
  }
}
