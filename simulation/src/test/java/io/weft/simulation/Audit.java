package io.weft.simulation;

import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import io.weft.simulated.SimulatedStore;
import io.weft.simulation.client.FinalReader;
import io.weft.simulation.client.Notes;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.cluster.ControlPlaneNode;
import io.weft.storage.file.CorruptFileException;
import io.weft.storage.file.FileExtent;
import io.weft.storage.file.FilePlace;
import io.weft.storage.file.FileReader;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;

/// Compares what agents gave with what lies in the store where the control plane says it does.
final class Audit {
  private static final long LEADING_MS = 60_000;
  private static final int PAUSE_MS = 200;

  /// Of a batch, what producers decide begins here; before it are the offset and the epoch.
  private static final int MAGIC_POSITION = 16;

  private final Cluster cluster;
  private final SimulatedStore store;
  private final Notes notes;

  Audit(Cluster cluster, Notes notes) {
    this.cluster = cluster;
    this.store = cluster.store();
    this.notes = notes;
  }

  void check(FinalReader.Log log) throws InterruptedException {
    ControlPlaneNode leader = leader();
    log.bytes().forEach((partition, bytes) -> check(leader, partition, id(log, partition), bytes));
  }

  private ControlPlaneNode leader() throws InterruptedException {
    long deadlineMs = cluster.world().nowMs() + LEADING_MS;
    Optional<ControlPlaneNode> leader = cluster.leader();
    while (leader.isEmpty()) {
      if (cluster.world().nowMs() > deadlineMs) {
        throw new IllegalStateException("nobody leads, long after all was healed");
      }
      cluster.world().sleepMs(PAUSE_MS);
      leader = cluster.leader();
    }
    return leader.get();
  }

  private static PartitionId id(FinalReader.Log log, TopicPartition partition) {
    Uuid topic = log.ids().ids().get(partition.topic());
    return new PartitionId(
        new TopicId(topic.getMostSignificantBits(), topic.getLeastSignificantBits()),
        partition.partition());
  }

  private void check(
      ControlPlaneNode leader, TopicPartition partition, PartitionId id, byte[] given) {
    long offset = 0;
    int position = 0;
    while (true) {
      ExtentQuery query = new ExtentQuery(id, offset, 1 << 20);
      ExtentsFound found = leader.seat().as(ExtentIndex.class).find(List.of(query)).getFirst();
      if (!(found instanceof ExtentsFound.Found(var bounds, var spans, _))) {
        notes.complain("%s is not known at %d: %s", partition, offset, found);
        return;
      }
      if (spans.isEmpty()) {
        if (bounds.highWatermark() != offset || position != given.length) {
          notes.complain(
              "%s ends at %d, its extents at %d; of %d bytes %d were found",
              partition, bounds.highWatermark(), offset, given.length, position);
        }
        return;
      }
      for (Span span : spans) {
        if (span.baseOffset() != offset) {
          notes.complain("%s goes on at %d, not %d", partition, span.baseOffset(), offset);
          return;
        }
        position =
            switch (span) {
              case Extent extent -> compare(extent, id, given, position);
              case Marker marker -> compare(marker, id, given, position);
            };
        offset = span.lastOffset() + 1;
      }
    }
  }

  /// A marker is in no file: what was given must be its control batch.
  private int compare(Marker marker, PartitionId id, byte[] given, int from) {
    int end = from + marker.length();
    if (given.length < end) {
      notes.complain("%s: the marker at %d was not given", id, marker.offset());
      return end;
    }
    ByteBuffer bytes = ByteBuffer.wrap(given, from, marker.length()).slice();
    RecordBatch batch = MemoryRecords.readableRecords(bytes).batches().iterator().next();
    if (!batch.isControlBatch()
        || batch.producerId() != marker.producerId()
        || batch.baseOffset() != marker.offset()) {
      notes.complain("%s: what was given at byte %d is not %s", id, from, marker);
    }
    return end;
  }

  /// @return where what was given goes on behind this extent
  private int compare(Extent extent, PartitionId id, byte[] given, int from) {
    ObjectKey key = FilePlace.of(extent.fileId()).key();
    ByteBuffer bytes = ByteBuffer.allocate(extent.length());
    try {
      verify(key, extent, id);
      store.read(key, extent.position(), bytes);
    } catch (ObjectStoreException | CorruptFileException e) {
      notes.complain("%s at %d: %s", id, extent.baseOffset(), e);
      return from + extent.length();
    }
    int position = from;
    for (RecordBatch batch : MemoryRecords.readableRecords(bytes.flip()).batches()) {
      batch.ensureValid();
      ByteBuffer stored = ByteBuffer.allocate(batch.sizeInBytes());
      batch.writeTo(stored);
      if (!same(stored.array(), given, position, extent.logAppendTimeMs() >= 0)) {
        notes.complain("%s: the batch at byte %d is another in the store", id, position);
      }
      position += batch.sizeInBytes();
    }
    return position;
  }

  /// The file's own checksums hold, and it says itself that this partition's batches lie there.
  private void verify(ObjectKey key, Extent extent, PartitionId id) {
    List<FileExtent> own = FileReader.readFooter(store, key).index().extents();
    boolean told = false;
    for (FileExtent one : own) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(one.length()));
      store.read(key, one.position(), bytes);
      FileReader.verifyExtent(one, bytes.flip());
      told |=
          one.partition().equals(id)
              && one.position() <= extent.position()
              && extent.position() + extent.length() <= one.position() + one.length();
    }
    if (!told) {
      notes.complain("%s: file %s knows nothing of the extent at %d", id, key, extent.position());
    }
  }

  /// @param timed whether the agent has put another time into the batch, and another checksum
  private static boolean same(byte[] stored, byte[] given, int position, boolean timed) {
    if (position + stored.length > given.length) {
      return false;
    }
    if (timed) {
      RecordBatch batch =
          MemoryRecords.readableRecords(ByteBuffer.wrap(given, position, stored.length).slice())
              .batches()
              .iterator()
              .next();
      return batch.isValid() && batch.sizeInBytes() == stored.length;
    }
    for (int i = MAGIC_POSITION; i < stored.length; i++) {
      if (stored[i] != given[position + i]) {
        return false;
      }
    }
    return true;
  }
}
