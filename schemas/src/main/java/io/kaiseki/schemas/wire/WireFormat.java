package io.kaiseki.schemas.wire;

import java.util.List;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;

/** What encoder and decoder agree on. */
final class WireFormat {

  static final byte MAGIC = 0;
  static final int HEADER_BYTES = 1 + Integer.BYTES;

  private WireFormat() {}

  /**
   * Lets a data model take dates, times and decimals as {@code java.time} and {@code BigDecimal}.
   */
  static <D extends GenericData> D withConversions(D data) {
    List<Conversion<?>> conversions =
        List.of(
            new Conversions.DecimalConversion(),
            new TimeConversions.DateConversion(),
            new TimeConversions.TimeMillisConversion(),
            new TimeConversions.TimeMicrosConversion(),
            new TimeConversions.TimestampMillisConversion(),
            new TimeConversions.TimestampMicrosConversion());
    conversions.forEach(data::addLogicalTypeConversion);
    return data;
  }
}
