package io.weft.agent.fetch;

import io.weft.model.PartitionId;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.Crc32c;
import io.weft.storage.file.FileComposer;
import io.weft.storage.file.FileExtent;
import io.weft.storage.file.FileOrigin;
import io.weft.storage.file.PartitionRun;
import io.weft.storage.file.StoredBatch;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Files of this test cluster, and of others.
public final class TestFiles {
  public static final String CLUSTER = "cluster";

  private static final int LENGTH_POSITION = 8;
  private static final int LENGTH_OVERHEAD = 12;
  private static final int LAST_OFFSET_DELTA_POSITION = 23;

  private TestFiles() {}

  /// @param runs each partition's batches, one behind the other
  public static ComposedFile of(long fileId, Map<PartitionId, byte[]> runs) {
    return of(CLUSTER, fileId, runs);
  }

  static ComposedFile of(long fileId, List<TestCluster.Run> runs) {
    Map<PartitionId, byte[]> bytes = new LinkedHashMap<>();
    for (TestCluster.Run run : runs) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      run.batches().forEach(batch -> all.writeBytes(batch.bytes()));
      bytes.put(run.partition(), all.toByteArray());
    }
    return of(fileId, bytes);
  }

  static FileExtent placeOf(PartitionId partition, ComposedFile file) {
    return file.index().extents().stream()
        .filter(extent -> extent.partition().equals(partition))
        .findAny()
        .orElseThrow();
  }

  public static ComposedFile of(String cluster, long fileId, Map<PartitionId, byte[]> runs) {
    List<PartitionRun> each = new ArrayList<>();
    runs.forEach((partition, bytes) -> each.add(new PartitionRun(partition, batches(bytes))));
    return FileComposer.compose(new FileOrigin(cluster, fileId, fileId), each);
  }

  /// A file as the first version of the format was: it does not say which cluster it belongs to.
  public static byte[] ofVersion1(PartitionId partition, int batches, byte[] run) {
    byte[] mark = {(byte) 0x89, 'W', 'E', 'F', 'T', '\n', 1, 1};
    ByteBuffer file = ByteBuffer.allocate(mark.length + run.length + 80);
    file.put(mark).put(run);
    int footer = file.position();
    file.putLong(partition.topic().high()).putLong(partition.topic().low());
    file.putInt(partition.partition()).putLong(mark.length).putInt(run.length);
    file.putInt(batches).putInt(batches).putLong(-1).putLong(-1);
    file.putInt(Crc32c.of(ByteBuffer.wrap(run))).putInt(1);
    ByteBuffer covered = ByteBuffer.allocate(mark.length + file.position() - footer);
    covered.put(mark).put(file.duplicate().flip().position(footer));
    file.putInt(Crc32c.of(covered.flip())).putInt(80);
    for (int i = mark.length - 1; i >= 0; i--) {
      file.put(mark[i]);
    }
    return file.array();
  }

  private static List<StoredBatch> batches(byte[] run) {
    ByteBuffer bytes = ByteBuffer.wrap(run);
    List<StoredBatch> batches = new ArrayList<>();
    int at = 0;
    while (at < run.length) {
      int size = bytes.getInt(at + LENGTH_POSITION) + LENGTH_OVERHEAD;
      int records = bytes.getInt(at + LAST_OFFSET_DELTA_POSITION) + 1;
      batches.add(new StoredBatch(bytes.slice(at, size), records, -1, -1));
      at += size;
    }
    return batches;
  }
}
