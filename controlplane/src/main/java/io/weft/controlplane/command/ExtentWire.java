package io.weft.controlplane.command;

import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.ExtentIndex.TimeQuery;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.ValueWire.Limit;
import io.weft.model.AbortedRange;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The bytes of questions about extents and of the answers. Stateless.
///
///     by offset = count (partition offset:varlong bytesMax:varint)*
///     by time   = count (partition timestamp:varlong)*
///     sizes     = count partition*
///     found     = 0 bounds spans aborteds | 1 bounds (out of range) | 2 (unknown partition)
///     spans     = count span*
///     span      = length:varint gap:varlong extent | 0:varint gap:varlong marker
///     extent    = fileId-delta:varlong position:varlong (lastOffset − baseOffset):varlong
///                 maxTimestamp-delta:varlong logAppendTime-delta:varlong
///     marker    = producerId:varlong epoch:varint committed:byte (offset − firstOffset):varlong
///                 time-delta:varlong
///     aborteds  = count aborted*
///     aborted   = producerId:varlong markerOffset-delta:varlong
///                 (markerOffset − firstOffset):varlong
///
/// A delta is to the one before that has such a thing (the first's to zero; a marker's time and an
/// extent's largest timestamp are one thing); the gap is from the offset after the span before.
final class ExtentWire {
  private static final int QUERIES_MAX = ExtentIndex.QUERIES_MAX;
  private static final Limit QUERIES =
      new Limit("queries", PartitionColumn.BYTES_MIN + 2, QUERIES_MAX);
  private static final Limit TIME_QUERIES =
      new Limit("queries", PartitionColumn.BYTES_MIN + 1, QUERIES_MAX);
  private static final Limit PARTITIONS =
      new Limit("partitions", PartitionColumn.BYTES_MIN, QUERIES_MAX);
  private static final Limit SPANS = limitOfSpans(ExtentIndex.SPANS_PER_ANSWER_MAX);
  private static final Limit ABORTED =
      new Limit("aborted transactions", 3, ExtentIndex.ABORTED_PER_ANSWER_MAX);

  private static final int FOUND = 0;
  private static final int OUT_OF_RANGE = 1;
  private static final int UNKNOWN_PARTITION = 2;

  /// No extent is as short.
  private static final int MARKER = 0;

  private static final Wire<ExtentsFound> ANSWER =
      new Wire<>() {
        @Override
        public void write(ExtentsFound found, WireWriter out) {
          writeFound(found, out);
        }

        @Override
        public ExtentsFound read(WireReader in) {
          return readFound(in);
        }
      };

  private static final Wire<Long> SIZE =
      new Wire<>() {
        @Override
        public void write(Long size, WireWriter out) {
          out.writeVarLong(size);
        }

        @Override
        public Long read(WireReader in) {
          return in.readVarLong();
        }
      };

  private ExtentWire() {}

  static Wire<List<ExtentsFound>> answers(int queries) {
    return ValueWire.listOf(queries, 1, ANSWER);
  }

  static Wire<List<Long>> sizes(int partitions) {
    return ValueWire.listOf(partitions, 1, SIZE);
  }

  static Limit limitOfSpans(int countMax) {
    return new Limit("spans", 7, countMax);
  }

  static void writeQueries(Command.FindExtents command, WireWriter out) {
    PartitionColumn partitions = new PartitionColumn();
    ValueWire.writeList(
        command.queries(),
        out,
        (query, to) -> {
          partitions.write(query.partition(), to);
          to.writeVarLong(query.offset());
          to.writeVarInt(query.bytesMax());
        });
  }

  static Command.FindExtents readQueries(WireReader in) {
    PartitionColumn partitions = new PartitionColumn();
    return new Command.FindExtents(
        ValueWire.readList(
            in,
            QUERIES,
            from -> new ExtentQuery(partitions.read(from), from.readVarLong(), from.readVarInt())));
  }

  static void writeTimeQueries(Command.FindExtentsByTime command, WireWriter out) {
    PartitionColumn partitions = new PartitionColumn();
    ValueWire.writeList(
        command.queries(),
        out,
        (query, to) -> {
          partitions.write(query.partition(), to);
          to.writeVarLong(query.timestampMs());
        });
  }

  static Command.FindExtentsByTime readTimeQueries(WireReader in) {
    PartitionColumn partitions = new PartitionColumn();
    return new Command.FindExtentsByTime(
        ValueWire.readList(
            in, TIME_QUERIES, from -> new TimeQuery(partitions.read(from), from.readVarLong())));
  }

  static void writePartitions(List<PartitionId> list, WireWriter out) {
    PartitionColumn partitions = new PartitionColumn();
    ValueWire.writeList(list, out, partitions::write);
  }

  static Command.PartitionSizes readSizes(WireReader in) {
    return new Command.PartitionSizes(readPartitions(PARTITIONS, in));
  }

  static List<PartitionId> readPartitions(Limit limit, WireReader in) {
    PartitionColumn partitions = new PartitionColumn();
    return ValueWire.readList(in, limit, partitions::read);
  }

  private static void writeFound(ExtentsFound answer, WireWriter out) {
    switch (answer) {
      case ExtentsFound.Found found -> {
        out.writeByte(FOUND);
        ValueWire.writeBounds(found.bounds(), out);
        writeSpans(found.spans(), out);
        writeAborted(found.aborted(), out);
      }
      case ExtentsFound.OutOfRange outOfRange -> {
        out.writeByte(OUT_OF_RANGE);
        ValueWire.writeBounds(outOfRange.bounds(), out);
      }
      case ExtentsFound.UnknownPartition unknown -> out.writeByte(UNKNOWN_PARTITION);
    }
  }

  private static ExtentsFound readFound(WireReader in) {
    byte kind = in.readByte();
    return switch (kind) {
      case FOUND ->
          new ExtentsFound.Found(ValueWire.readBounds(in), readSpans(SPANS, in), readAborted(in));
      case OUT_OF_RANGE -> new ExtentsFound.OutOfRange(ValueWire.readBounds(in));
      case UNKNOWN_PARTITION -> new ExtentsFound.UnknownPartition();
      default -> throw ValueWire.unknown("answer about extents", kind);
    };
  }

  static void writeSpans(List<Span> spans, WireWriter out) {
    out.writeVarInt(spans.size());
    long fileId = 0;
    long nextOffset = 0;
    long maxTimestampMs = 0;
    long logAppendTimeMs = 0;
    for (Span span : spans) {
      switch (span) {
        case Extent extent -> {
          out.writeVarInt(extent.length());
          out.writeVarLong(extent.baseOffset() - nextOffset);
          out.writeVarLong(extent.fileId() - fileId);
          out.writeVarLong(extent.position());
          out.writeVarLong(extent.lastOffset() - extent.baseOffset());
          out.writeVarLong(extent.maxTimestampMs() - maxTimestampMs);
          out.writeVarLong(extent.logAppendTimeMs() - logAppendTimeMs);
          fileId = extent.fileId();
          logAppendTimeMs = extent.logAppendTimeMs();
        }
        case Marker marker -> {
          out.writeVarInt(MARKER);
          out.writeVarLong(marker.offset() - nextOffset);
          out.writeVarLong(marker.producerId());
          out.writeVarInt(marker.producerEpoch());
          out.writeBoolean(marker.committed());
          out.writeVarLong(marker.offset() - marker.firstOffset());
          out.writeVarLong(marker.timeMs() - maxTimestampMs);
        }
      }
      nextOffset = span.lastOffset() + 1;
      maxTimestampMs = span.maxTimestampMs();
    }
  }

  static List<Span> readSpans(Limit limit, WireReader in) {
    int count = limit.readCount(in);
    List<Span> spans = new ArrayList<>(count);
    long fileId = 0;
    long nextOffset = 0;
    long maxTimestampMs = 0;
    long logAppendTimeMs = 0;
    for (int i = 0; i < count; i++) {
      int length = in.readVarInt();
      long baseOffset = nextOffset + in.readVarLong();
      Span span;
      if (length == MARKER) {
        long producerId = in.readVarLong();
        short epoch = ValueWire.readVarShort(in);
        boolean committed = in.readBoolean();
        long firstOffset = baseOffset - in.readVarLong();
        maxTimestampMs += in.readVarLong();
        span = new Marker(baseOffset, producerId, epoch, committed, firstOffset, maxTimestampMs);
      } else {
        fileId += in.readVarLong();
        long position = in.readVarLong();
        long lastOffset = baseOffset + in.readVarLong();
        maxTimestampMs += in.readVarLong();
        logAppendTimeMs += in.readVarLong();
        span =
            new Extent(
                fileId, position, length, baseOffset, lastOffset, maxTimestampMs, logAppendTimeMs);
      }
      nextOffset = span.lastOffset() + 1;
      spans.add(span);
    }
    return Collections.unmodifiableList(spans);
  }

  private static void writeAborted(List<AbortedRange> aborted, WireWriter out) {
    out.writeVarInt(aborted.size());
    long markerOffset = 0;
    for (AbortedRange range : aborted) {
      out.writeVarLong(range.producerId());
      out.writeVarLong(range.markerOffset() - markerOffset);
      out.writeVarLong(range.markerOffset() - range.firstOffset());
      markerOffset = range.markerOffset();
    }
  }

  private static List<AbortedRange> readAborted(WireReader in) {
    int count = ABORTED.readCount(in);
    List<AbortedRange> aborted = new ArrayList<>(count);
    long markerOffset = 0;
    for (int i = 0; i < count; i++) {
      long producerId = in.readVarLong();
      markerOffset += in.readVarLong();
      aborted.add(new AbortedRange(producerId, markerOffset - in.readVarLong(), markerOffset));
    }
    return Collections.unmodifiableList(aborted);
  }
}
