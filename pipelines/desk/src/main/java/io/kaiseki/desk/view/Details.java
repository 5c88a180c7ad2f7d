package io.kaiseki.desk.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.desk.model.AnswerText;
import io.kaiseki.desk.model.CorrectedAnswer;
import io.kaiseki.desk.state.DocumentCard;
import io.kaiseki.desk.state.Entry;
import io.kaiseki.desk.state.LetterCard;
import io.kaiseki.desk.view.Detail.Source;
import io.kaiseki.schemas.Provenance;
import io.kaiseki.schemas.digest.Sha256;
import io.kaiseki.schemas.envelope.Result;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.wire.AvroDecoder;
import io.kaiseki.schemas.wire.Decoded;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Spreads an entry out. Safe for use by many threads. */
public final class Details {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TAG_DIGITS = 24;

  private final ThreadLocal<AvroDecoder<GenericRecord>> decoders;

  public Details(RegisteredSchemas schemas) {
    this.decoders = ThreadLocal.withInitial(() -> AvroDecoder.generic(schemas));
  }

  /**
   * All of an entry.
   *
   * @throws io.kaiseki.schemas.registry.RegistryUnavailableException if the schema of its result is
   *     not known yet, and the registry can't tell it now
   */
  public Detail of(Entry entry) {
    Result result = entry.getAnswer() == null ? null : result(entry.getAnswer().getEnvelope());
    ObjectNode answer =
        result == null
            ? null
            : (ObjectNode) AnswerText.json(result.answer(), result.answer().getSchema());
    DocumentCard document = entry.getDocument();
    return new Detail(
        Row.of(entry),
        document == null ? null : document.getLanguage(),
        document == null ? Map.of() : document.getAttributes(),
        answer,
        result == null || answer == null
            ? null
            : CorrectedAnswer.of(answer, result.answer().getSchema(), entry.getReviews()),
        result == null || answer == null
            ? null
            : tag(answer, result.provenance().getAnalysisVersion()),
        result == null
            ? List.of()
            : result.confidences().stream().map(Detail.Confidence::of).toList(),
        result == null ? null : result.reasoning(),
        result == null ? null : tree(result.provenance()),
        entry.getReviews().stream().map(Detail.Word::of).toList(),
        letter(entry.getLetter()),
        source(document, result));
  }

  private @Nullable Result result(ByteBuffer envelope) {
    byte[] bytes = new byte[envelope.remaining()];
    envelope.duplicate().get(bytes);
    return decoders.get().decode(bytes) instanceof Decoded.Value<GenericRecord> value
        ? ResultEnvelope.open(value.record())
        : null;
  }

  /**
   * Of what feedback rests on, and of nothing else: a document that was analysed twice with one
   * outcome needs no second look.
   */
  private static String tag(ObjectNode answer, String analysisVersion) {
    return Sha256.hex(analysisVersion + "\n" + answer).substring(0, TAG_DIGITS);
  }

  private static Detail.@Nullable Letter letter(@Nullable LetterCard letter) {
    return letter == null
        ? null
        : new Detail.Letter(
            letter.getReason(),
            letter.getMessage(),
            letter.getStage(),
            letter.getAnalysisVersion(),
            letter.getAttempts(),
            letter.getFailedAt(),
            new Source(letter.getTopic(), letter.getPartition(), letter.getOffset()));
  }

  private static @Nullable Source source(@Nullable DocumentCard document, @Nullable Result result) {
    if (document != null) {
      return new Source(document.getTopic(), document.getPartition(), document.getOffset());
    }
    if (result == null || result.provenance().getSourceTopic().startsWith("file:")) {
      return null;
    }
    Provenance provenance = result.provenance();
    return new Source(
        provenance.getSourceTopic(), provenance.getSourcePartition(), provenance.getSourceOffset());
  }

  private static JsonNode tree(Provenance provenance) {
    try {
      return JSON.readTree(provenance.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Avro printed a record that is no JSON", e);
    }
  }
}
