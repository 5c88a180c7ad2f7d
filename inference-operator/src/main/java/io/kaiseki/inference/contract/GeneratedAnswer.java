package io.kaiseki.inference.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/**
 * Answers as instances of the class that Avro generates from their schema. They go through Avro's
 * encoding, because that turns days and moments into Java's types and resolves a class of an older
 * or newer schema.
 */
public final class GeneratedAnswer {

  private GeneratedAnswer() {}

  /**
   * The same answer as an instance of a generated class.
   *
   * @throws IllegalArgumentException if the answer's schema does not resolve to that of the class
   */
  public static <R extends SpecificRecord> R of(GenericRecord answer, Class<R> type) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      new GenericDatumWriter<GenericRecord>(answer.getSchema()).write(answer, encoder);
      SpecificDatumReader<R> reader = new SpecificDatumReader<>(type);
      reader.setSchema(answer.getSchema());
      return reader.read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    } catch (IOException | AvroRuntimeException e) {
      throw new IllegalArgumentException(
          "answers of schema %s can't be read as %s"
              .formatted(answer.getSchema().getFullName(), type.getName()),
          e);
    }
  }
}
