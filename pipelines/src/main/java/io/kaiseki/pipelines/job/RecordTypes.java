package io.kaiseki.pipelines.job;

import org.apache.flink.api.common.typeinfo.TypeInformation;

/** How the records of the job travel between its operators and into its state. */
public final class RecordTypes {

  public static final TypeInformation<RawRecord> RAW_RECORD =
      new ImmutableRecordTypeInfo<>(RawRecord.class, RawRecordSerializer.INSTANCE);

  static final TypeInformation<PreparedDocument> PREPARED_DOCUMENT =
      new ImmutableRecordTypeInfo<>(PreparedDocument.class, PreparedDocumentSerializer.INSTANCE);

  public static final TypeInformation<Rejection> REJECTION =
      new ImmutableRecordTypeInfo<>(Rejection.class, RejectionSerializer.INSTANCE);

  static final TypeInformation<OutgoingRecord> OUTGOING_RECORD =
      new ImmutableRecordTypeInfo<>(OutgoingRecord.class, OutgoingRecordSerializer.INSTANCE);

  private RecordTypes() {}
}
