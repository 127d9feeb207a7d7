package io.weft.server.chaos;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import io.weft.storage.file.FileComposer;
import io.weft.storage.file.FileExtent;
import io.weft.storage.file.FilePlace;
import io.weft.storage.file.FileReader;
import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/// Reads a topic without any agent: asks the control plane where its records lie and takes them
/// from the bucket, checking every checksum of every file it meets. Owned by one thread.
final class BucketReader {
  private static final int EXTENT_BYTES_MAX = Integer.MAX_VALUE;

  private final ControlPlane controlPlane;
  private final ObjectStore store;
  private final NumberedTopic topic;
  private final LogCopy copy;

  BucketReader(ControlPlane controlPlane, ObjectStore store, NumberedTopic topic) {
    this.controlPlane = controlPlane;
    this.store = store;
    this.topic = topic;
    this.copy = new LogCopy(topic.partitions());
  }

  private record Place(int partition, Extent extent) {}

  /// @throws io.weft.storage.file.CorruptFileException if a checksum is wrong
  LogCopy readAll() {
    TreeMap<Long, List<Place>> files = new TreeMap<>();
    TopicId id = topicId();
    for (int partition = 0; partition < topic.partitions(); partition++) {
      for (Extent extent : extents(new PartitionId(id, partition))) {
        files
            .computeIfAbsent(extent.fileId(), _ -> new ArrayList<>())
            .add(new Place(partition, extent));
      }
    }
    files.forEach(this::read);
    return copy;
  }

  private TopicId topicId() {
    return controlPlane.as(TopicCatalog.class).read(-1).orElseThrow().topics().stream()
        .filter(one -> one.name().equals(topic.name()))
        .map(TopicCatalog.Topic::id)
        .findAny()
        .orElseThrow();
  }

  private List<Extent> extents(PartitionId partition) {
    List<Extent> extents = new ArrayList<>();
    long offset = 0;
    while (true) {
      ExtentQuery query = new ExtentQuery(partition, offset, EXTENT_BYTES_MAX);
      switch (controlPlane.as(ExtentIndex.class).find(List.of(query)).getFirst()) {
        case ExtentsFound.Found(_, List<Span> found, _) -> {
          if (found.isEmpty()) {
            return extents;
          }
          for (Span span : found) {
            switch (span) {
              case Extent extent -> extents.add(extent);
              case Marker marker -> {}
            }
          }
          offset = found.getLast().lastOffset() + 1;
        }
        case ExtentsFound.OutOfRange _, ExtentsFound.UnknownPartition _ ->
            throw new IllegalStateException("offset %d of %s".formatted(offset, partition));
      }
    }
  }

  private void read(long fileId, List<Place> places) {
    ObjectKey key = FilePlace.of(fileId).key();
    byte[] file = store.readAll(key, FileComposer.FILE_BYTES_MAX);
    ByteBuffer bytes = ByteBuffer.wrap(file);
    try (ObjectStore memory = new MemoryObjectStore()) {
      memory.put(key, ObjectBody.of(file));
      for (FileExtent extent : FileReader.readFooter(memory, key, file.length).index().extents()) {
        FileReader.verifyExtent(extent, bytes.slice((int) extent.position(), extent.length()));
      }
    }
    for (Place place : places) {
      Extent extent = place.extent();
      take(place, bytes.slice((int) extent.position(), extent.length()));
    }
  }

  private void take(Place place, ByteBuffer bytes) {
    long next = place.extent().baseOffset();
    for (RecordBatch batch : MemoryRecords.readableRecords(bytes).batches()) {
      batch.ensureValid();
      for (Record record : batch) {
        byte[] value = new byte[record.valueSize()];
        record.value().get(value);
        copy.add(place.partition(), next++, value, record.timestamp());
      }
    }
    if (next != place.extent().lastOffset() + 1) {
      copy.problem("%s has records up to %d".formatted(place, next - 1));
    }
  }
}
