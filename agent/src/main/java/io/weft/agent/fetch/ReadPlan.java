package io.weft.agent.fetch;

import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.Located.Place;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.topic.TopicSetting;
import io.weft.model.AbortedRange;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.Span;
import io.weft.protocol.record.BatchHeader;
import io.weft.storage.file.FilePlace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/// What one answer reads, and what of it has to be brought first. Pure and immutable.
///
/// The plan knows extents, not batches: where a batch ends, and so where exactly an answer stops,
/// is seen in the bytes ([Assembly]). Here is decided which bytes are worth a request: those that
/// the limits, served in order, may let into the answer, of a bounded number of files. What lies
/// beyond is answered too where it happens to be in memory.
final class ReadPlan {
  private final List<Read> reads;
  private final SequencedMap<FilePlace, List<Piece>> loads;
  private final long[] bytesCounted;
  private final long bytesPlanned;

  private ReadPlan(
      List<Read> reads,
      SequencedMap<FilePlace, List<Piece>> loads,
      long[] bytesCounted,
      long bytesPlanned) {
    this.reads = reads;
    this.loads = loads;
    this.bytesCounted = bytesCounted;
    this.bytesPlanned = bytesPlanned;
  }

  /// One partition that has something to read.
  ///
  /// @param index of the want in the order
  /// @param end the first offset that may not be read
  /// @param spans only those with something to read
  /// @param aborted transactions of which records may lie among them; empty for a client that reads
  ///   uncommitted records too
  record Read(
      int index,
      Want want,
      PartitionBounds bounds,
      long end,
      List<Span> spans,
      List<AbortedRange> aborted,
      Place start) {
    /// Whether the spans reach as far as may be read.
    boolean isWhole() {
      return spans.getLast().lastOffset() + 1 >= end;
    }

    /// What it is read for: near the end of what may be read lies what others read too.
    ReadPurpose purpose() {
      boolean reachesEnd =
          isWhole() && spans.getLast().lastOffset() + 1 >= bounds.lastStableOffset();
      return reachesEnd && bytes() <= FetchSettings.RECENT_BYTES_MAX
          ? ReadPurpose.TAIL
          : ReadPurpose.CATCH_UP;
    }

    /// Bytes from the start to the end of the spans.
    long bytes() {
      long bytes = -start.skip();
      for (Span span : spans) {
        bytes += span.length();
      }
      return bytes;
    }

    /// The first batch is answered however large it is: it lies in the rest of the first span, or
    /// where that may have nothing from the offset asked for on, in the next one.
    long firstBatchBytesMax() {
      int bytes = spans.getFirst().length() - start.skip();
      if (spans.size() > 1
          && spans.getFirst() instanceof Extent extent
          && extent.hasOwnOffsets()
          && start.offset() < want.offset()) {
        bytes = Math.max(bytes, spans.get(1).length());
      }
      return Math.min(bytes, TopicSetting.MESSAGE_BYTES_MAX);
    }

    boolean isFirst(FilePlace file) {
      return spans.getFirst() instanceof Extent extent && FilePlace.of(extent).equals(file);
    }

    /// How many of the first spans lie in files that may be loaded, or in none.
    int loadable(Predicate<FilePlace> mayLoad) {
      int count = 0;
      for (Span span : spans) {
        if (span instanceof Extent extent && !mayLoad.test(FilePlace.of(extent))) {
          break;
        }
        count++;
      }
      return count;
    }
  }

  /// A range of a file.
  ///
  /// @param read that it is for
  record Piece(Read read, long position, int length) {}

  static ReadPlan of(List<Located> located, FetchOrder order, int filesMax) {
    List<Read> reads = new ArrayList<>();
    for (int i = 0; i < located.size(); i++) {
      switch (located.get(i)) {
        case Located.Here here -> addRead(reads, i, order, here);
        case Located.Failed failed -> {}
      }
    }
    SequencedMap<FilePlace, List<Piece>> loads = new LinkedHashMap<>();
    long[] counted = new long[located.size()];
    long left = order.bytesMax();
    long planned = 0;
    boolean first = true;
    for (Read read : reads) {
      long limit = Math.min(read.want().bytesMax(), left);
      if (first || limit >= BatchHeader.BYTES) {
        addLoads(loads, read, Math.max(limit, BatchHeader.BYTES), filesMax);
      }
      long bytes = Math.min(read.bytes(), Math.max(0, limit));
      left -= bytes;
      planned += first ? Math.max(bytes, read.firstBatchBytesMax()) : bytes;
      first = false;
      long countedMax = countedMax(read.want(), order.bytesMax());
      counted[read.index()] = read.isWhole() ? Math.min(read.bytes(), countedMax) : countedMax;
    }
    return new ReadPlan(List.copyOf(reads), loads, counted, planned);
  }

  /// What counts of a partition that has plenty: its limit, or the first batch where the limit is
  /// zero.
  static long countedMax(Want want, int bytesMax) {
    return Math.max(1, Math.min(want.bytesMax(), bytesMax));
  }

  /// In the order of the wants.
  List<Read> reads() {
    return reads;
  }

  /// What to bring, by file.
  SequencedMap<FilePlace, List<Piece>> loads() {
    return loads;
  }

  /// Whether the answer may cause a request to the store for this file.
  boolean mayLoad(FilePlace file) {
    return loads.containsKey(file);
  }

  /// What there is to read, as far as the limits of its partitions let it in.
  long bytesCounted() {
    return LongStream.of(bytesCounted).sum();
  }

  /// As [#bytesCounted()], of one want.
  long bytesCounted(int index) {
    return bytesCounted[index];
  }

  /// The answer's records have no more bytes than this, but where the first partition cannot be
  /// read and another one's first batch is larger than the limits.
  long bytesPlanned() {
    return bytesPlanned;
  }

  private static void addRead(List<Read> reads, int index, FetchOrder order, Located.Here here) {
    Want want = order.wants().get(index);
    long end = Math.min(want.end(), order.isolation().end(here.bounds()));
    if (want.offset() >= end) {
      // A span, and even a batch, may reach over the end: one that holds records of an open
      // transaction, after the log was made to begin inside it.
      return;
    }
    List<Span> readable =
        here.spans().stream()
            .filter(span -> span.lastOffset() >= want.offset() && span.baseOffset() < end)
            .toList();
    if (!readable.isEmpty()) {
      List<AbortedRange> aborted =
          switch (order.isolation()) {
            case READ_UNCOMMITTED -> List.of();
            case READ_COMMITTED -> here.aborted();
          };
      reads.add(new Read(index, want, here.bounds(), end, readable, aborted, here.start()));
    }
  }

  private static void addLoads(
      SequencedMap<FilePlace, List<Piece>> loads, Read read, long limit, int filesMax) {
    // From a start before the offset asked for, nobody knows yet how much has to be walked over: so
    // the first extent does not count, and the one after it is brought too.
    boolean counts = read.start().offset() == read.want().offset();
    long covered = 0;
    int skip = read.start().skip();
    for (Span span : read.spans()) {
      if (covered >= limit) {
        return;
      }
      int length = (int) Math.min(span.length() - skip, limit - covered);
      switch (span) {
        case Extent extent -> {
          FilePlace file = FilePlace.of(extent);
          if (!loads.containsKey(file) && loads.size() >= filesMax) {
            return;
          }
          loads
              .computeIfAbsent(file, place -> new ArrayList<>())
              .add(new Piece(read, extent.position() + skip, length));
        }
        case Marker marker -> {}
      }
      covered += counts ? length : 0;
      counts = true;
      skip = 0;
    }
  }
}
