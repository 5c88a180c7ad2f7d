package io.kaiseki.schemas.wire;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;

/** Reads generated records, whose classes it takes from the loader of the record's own class. */
final class GeneratedReader<T> extends SpecificDatumReader<T> {

  GeneratedReader(Schema writer, Schema reader, ClassLoader loader) {
    super(writer, reader, WireFormat.withConversions(new SpecificData(loader)));
  }
}
