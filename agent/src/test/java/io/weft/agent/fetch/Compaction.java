package io.weft.agent.fetch;

import io.weft.agent.fetch.TestCluster.FilePiece;
import io.weft.model.Extent;
import io.weft.model.Extent.Offsets;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.protocol.record.BatchView;
import io.weft.storage.file.FilePlace;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SequencedMap;

/// Rewrites of a test cluster's stored batches. Stateless.
public final class Compaction {
  private Compaction() {}

  /// Rewrites all of a partition without markers into one new file; no stream is told.
  static void of(TestCluster cluster, PartitionId partition) {
    ByteArrayOutputStream run = new ByteArrayOutputStream();
    List<Span> spans = cluster.spans(partition);
    for (Span span : spans) {
      Extent extent = (Extent) span;
      ByteBuffer bytes = ByteBuffer.allocate(extent.length());
      cluster.store().read(FilePlace.of(extent.fileId()).key(), extent.position(), bytes);
      run.writeBytes(bytes.array());
    }
    FilePiece piece = cluster.putFile(partition, run.toByteArray());
    cluster.replace(
        partition,
        List.of(
            new Extent(
                piece.fileId(),
                piece.place().position(),
                piece.place().length(),
                spans.getFirst().baseOffset(),
                spans.getLast().lastOffset(),
                spans.getLast().maxTimestampMs(),
                -1)),
        false);
  }

  /// Puts batches with offsets of their own in the place of all extents with offsets from `first`
  /// to `last`; the streams are told.
  ///
  /// @param batches by their base offsets
  public static Extent own(
      TestCluster cluster,
      PartitionId partition,
      long first,
      long last,
      SequencedMap<Long, TestBatch> batches) {
    return own(cluster, partition, first, last, -1, stamped(batches));
  }

  /// @param run batches, stamped with their offsets
  static Extent own(
      TestCluster cluster,
      PartitionId partition,
      long first,
      long last,
      long logAppendTimeMs,
      byte[] run) {
    FilePiece piece = cluster.putFile(partition, run);
    Extent extent =
        new Extent(
            piece.fileId(),
            piece.place().position(),
            piece.place().length(),
            first,
            last,
            logAppendTimeMs >= 0 ? logAppendTimeMs : Long.MAX_VALUE,
            logAppendTimeMs,
            Offsets.OWN);
    cluster.replace(partition, List.of(extent), true);
    return extent;
  }

  static byte[] stamped(SequencedMap<Long, TestBatch> batches) {
    ByteArrayOutputStream run = new ByteArrayOutputStream();
    batches.forEach(
        (offset, batch) -> {
          byte[] bytes = batch.bytes().clone();
          BatchView.stampOwnOffset(ByteBuffer.wrap(bytes), 0, offset);
          run.writeBytes(bytes);
        });
    return run.toByteArray();
  }
}
