package io.kaiseki.pipelines.backfill.source;

import io.kaiseki.pipelines.backfill.archive.ReadOptions;
import io.kaiseki.pipelines.job.RawRecord;
import io.kaiseki.pipelines.job.RecordTypes;
import io.kaiseki.pipelines.job.Rejection;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.EitherTypeInfo;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.types.Either;

/**
 * The documents of an archive, and what could not be read as one. Each comes once over all the runs
 * that go on from each other's checkpoints. Of a file that is written anew before a run goes on
 * with it, what was not read yet is not guessed at: it can't be read on, and that is told.
 */
public final class ArchiveSource
    implements Source<Either<RawRecord, Rejection>, ArchiveSplit, ArchivePosition>,
        ResultTypeQueryable<Either<RawRecord, Rejection>> {

  private static final long serialVersionUID = 1L;

  private final String list;
  private final ReadOptions options;
  private final int schemaId;

  /**
   * A source; nothing is read yet.
   *
   * @param list address of its {@link FileList}
   * @param options how files are read
   * @param schemaId id of the document schema in the registry
   */
  public ArchiveSource(String list, ReadOptions options, int schemaId) {
    this.list = list;
    this.options = options;
    this.schemaId = schemaId;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SourceReader<Either<RawRecord, Rejection>, ArchiveSplit> createReader(
      SourceReaderContext context) {
    return new ArchiveReader(context, options, new EntryRecords(schemaId));
  }

  @Override
  public SplitEnumerator<ArchiveSplit, ArchivePosition> createEnumerator(
      SplitEnumeratorContext<ArchiveSplit> context) {
    return restoreEnumerator(context, ArchivePosition.START);
  }

  @Override
  public SplitEnumerator<ArchiveSplit, ArchivePosition> restoreEnumerator(
      SplitEnumeratorContext<ArchiveSplit> context, ArchivePosition position) {
    return new ArchiveEnumerator(context, list, position);
  }

  @Override
  public SimpleVersionedSerializer<ArchiveSplit> getSplitSerializer() {
    return new ArchiveSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<ArchivePosition> getEnumeratorCheckpointSerializer() {
    return new ArchivePositionSerializer();
  }

  @Override
  public TypeInformation<Either<RawRecord, Rejection>> getProducedType() {
    return new EitherTypeInfo<>(RecordTypes.RAW_RECORD, RecordTypes.REJECTION);
  }
}
