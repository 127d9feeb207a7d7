package io.weft.controlplane.state.log;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.partition.LongTable;
import io.weft.model.Extent;
import io.weft.model.FileTier;
import io.weft.model.Invariant;
import io.weft.model.Marker;
import io.weft.model.Span;
import java.util.List;
import java.util.TreeSet;

/// The committed files: how large each is and how much of it the logs still need. Owned by one
/// thread. A file without live extents stays here until it is condemned.
public final class LiveFiles {
  private static final int FILE_ID = 0;
  private static final int BYTES = 1;
  private static final int LIVE_EXTENTS = 2;
  private static final int LIVE_BYTES = 3;

  /// Extents in logs of deleted topics that are kept; in no snapshot.
  private static final int PINS = 4;

  private final LongTable files = new LongTable(5);

  /// Those without live extents.
  private final TreeSet<Long> empty = new TreeSet<>();

  private long newest = -1;
  private int lowLatency;

  public int count() {
    return files.size();
  }

  /// @return how many extents of the file are in a log, or -1 for a file that was never committed
  public long liveExtents(long fileId) {
    int row = files.find(fileId);
    return row < 0 ? -1 : files.get(row, LIVE_EXTENTS);
  }

  public long liveBytes(long fileId) {
    int row = files.find(fileId);
    return row < 0 ? -1 : files.get(row, LIVE_BYTES);
  }

  /// The largest number of a file that there was since this process has the logs, or -1.
  public long newest() {
    return newest;
  }

  /// The files that may be merged and have live extents, but no more than so many bytes of them;
  /// they rise.
  public long[] smallLive(long bytesMax) {
    return files.sortedKeys(
        row ->
            files.get(row, LIVE_EXTENTS) > 0
                && files.get(row, LIVE_BYTES) <= bytesMax
                && files.get(row, PINS) == 0);
  }

  /// The files of the low-latency store that may be merged and have live extents; they rise.
  public long[] lowLatencyLive() {
    return files.sortedKeys(
        row ->
            isLowLatency(files.get(row, FILE_ID))
                && files.get(row, LIVE_EXTENTS) > 0
                && files.get(row, PINS) == 0);
  }

  /// How many files of the low-latency store there are, those without live extents among them.
  public int lowLatencyCount() {
    return lowLatency;
  }

  /// Files without live extents, those with the lowest ids first.
  public List<Long> empty(int max) {
    return empty.stream().limit(max).toList();
  }

  void add(long fileId, long bytes) {
    Invariant.check(files.find(fileId) < 0, "file %d is committed twice", fileId);
    files.set(files.add(fileId), BYTES, bytes);
    newest = Math.max(newest, FileTier.number(fileId));
    lowLatency += isLowLatency(fileId) ? 1 : 0;
    empty.add(fileId);
  }

  /// Forgets the file, if it was committed.
  void condemn(long fileId) {
    int row = files.find(fileId);
    if (row >= 0) {
      Invariant.check(files.get(row, LIVE_EXTENTS) == 0, "file %d is live", fileId);
      files.remove(row);
      lowLatency -= isLowLatency(fileId) ? 1 : 0;
      empty.remove(fileId);
    }
  }

  /// A span became part of a log; if it is an extent, its file is needed.
  void hold(Span span) {
    switch (span) {
      case Extent extent -> change(extent.fileId(), 1, extent.length());
      case Marker _ -> {}
    }
  }

  /// A span is no longer part of any log.
  void release(Span span) {
    switch (span) {
      case Extent extent -> change(extent.fileId(), -1, -extent.length());
      case Marker _ -> {}
    }
  }

  /// A span belongs to a deleted topic from here on.
  void pin(Span span) {
    switch (span) {
      case Extent extent -> pin(extent.fileId(), 1);
      case Marker _ -> {}
    }
  }

  /// A span belongs to a deleted topic no longer.
  void unpin(Span span) {
    switch (span) {
      case Extent extent -> pin(extent.fileId(), -1);
      case Marker _ -> {}
    }
  }

  private void pin(long fileId, int by) {
    int row = files.find(fileId);
    Invariant.check(row >= 0, "an extent of file %d, which is not there", fileId);
    files.set(row, PINS, files.get(row, PINS) + by);
  }

  void write(WireWriter out) {
    out.writeVarInt(files.size());
    long previous = 0;
    for (long fileId : files.sortedKeys()) {
      int row = files.find(fileId);
      out.writeVarLong(fileId - previous);
      out.writeVarLong(files.get(row, BYTES));
      out.writeVarLong(files.get(row, LIVE_EXTENTS));
      out.writeVarLong(files.get(row, LIVE_BYTES));
      previous = fileId;
    }
  }

  void read(WireReader in) {
    int count = in.readCount(4);
    long fileId = 0;
    for (int i = 0; i < count; i++) {
      fileId += in.readVarLong();
      add(fileId, in.readVarLong());
      int row = files.find(fileId);
      files.set(row, LIVE_EXTENTS, in.readVarLong());
      files.set(row, LIVE_BYTES, in.readVarLong());
      if (files.get(row, LIVE_EXTENTS) > 0) {
        empty.remove(fileId);
      }
    }
  }

  private static boolean isLowLatency(long fileId) {
    return FileTier.of(fileId) == FileTier.LOW_LATENCY;
  }

  private void change(long fileId, int extents, int bytes) {
    int row = files.find(fileId);
    Invariant.check(row >= 0, "an extent of file %d, which is not there", fileId);
    long live = files.get(row, LIVE_EXTENTS) + extents;
    Invariant.check(live >= 0, "file %d has fewer than no extents", fileId);
    if (live == 0) {
      empty.add(fileId);
    } else if (live == extents) {
      empty.remove(fileId);
    }
    files.set(row, LIVE_EXTENTS, live);
    files.set(row, LIVE_BYTES, files.get(row, LIVE_BYTES) + bytes);
  }
}
