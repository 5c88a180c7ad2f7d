package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * An answer in a form that nobody can change: Avro's records are mutable, so whoever is given the
 * answer gets a record of his own. Safe for use by several threads.
 */
final class KeptAnswer {

  /** About what an object and its references take, beside its text. */
  private static final int OBJECT_BYTES = 64;

  private final byte[] answer;
  private final List<FieldConfidence> confidences;
  private final FinishReason finishReason;

  /** Keeps what was answered without reasoning. */
  KeptAnswer(Completion completion) {
    answer = encoded(completion.answer());
    confidences = completion.confidences();
    finishReason = completion.finishReason();
  }

  private static byte[] encoded(GenericRecord answer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    try {
      new GenericDatumWriter<GenericRecord>(answer.getSchema()).write(answer, encoder);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can't be written to", e);
    }
    return bytes.toByteArray();
  }

  /**
   * The answer for one more document.
   *
   * @param schema the answer's; whoever asks brings it, since a long one kept here would take
   *     memory that nobody counts
   */
  Completion reused(Schema schema, Timings timings) {
    GenericRecord copy;
    try {
      copy = new StringReader(schema).read(null, DecoderFactory.get().binaryDecoder(answer, null));
    } catch (IOException e) {
      throw new UncheckedIOException("what was written can't be read", e);
    }
    return new Completion(copy, confidences, null, TokenUsage.NONE, finishReason, timings, true);
  }

  /** Reads strings as what they were when the answer was computed, and not as Avro's own. */
  private static final class StringReader extends GenericDatumReader<GenericRecord> {

    /** Avro's fast reader would not ask which class a string is to have. */
    private static final GenericData WITHOUT_FAST_READER =
        new GenericData().setFastReaderEnabled(false);

    StringReader(Schema schema) {
      super(schema, schema, WITHOUT_FAST_READER);
    }

    @Override
    protected Class<?> findStringClass(Schema schema) {
      return String.class;
    }
  }

  /** About the memory that it takes with its key. */
  long bytes() {
    long bytes = AnswerKey.BYTES + OBJECT_BYTES + answer.length;
    for (FieldConfidence confidence : confidences) {
      bytes += OBJECT_BYTES + confidence.field().length();
      // Answers share the text of labels with the schema, but may outlive it.
      for (String label : confidence.distribution().keySet()) {
        bytes += OBJECT_BYTES + label.length();
      }
    }
    return bytes;
  }
}
