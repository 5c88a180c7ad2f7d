package io.kaiseki.schemas.wire;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;

/**
 * Reads generic records with their text as {@link String}, where Avro gives its own mutable text
 * type unless the schema carries a hint for Java.
 */
final class StringReader<T> extends GenericDatumReader<T> {

  StringReader(Schema writer, Schema reader) {
    super(writer, reader, slowButOverridable());
  }

  @Override
  protected Class<?> findStringClass(Schema schema) {
    return String.class;
  }

  /** Avro's other reading path asks no subclass which type text shall have. */
  private static GenericData slowButOverridable() {
    return new GenericData().setFastReaderEnabled(false);
  }
}
