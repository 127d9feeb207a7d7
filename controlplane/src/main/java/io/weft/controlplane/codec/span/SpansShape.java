package io.weft.controlplane.codec.span;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.ReaderTooOldException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.model.Extent;
import io.weft.model.Extent.Offsets;
import io.weft.model.Marker;
import io.weft.model.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Extents and markers that follow each other in a partition. Stateless.
///
///     spans     = count span*
///     span      = length:varint gap:varlong extent | 0:varint gap:varlong marker
///     extent    = fileId-delta:varlong position:varlong (lastOffset − baseOffset):varlong
///                 maxTimestamp-delta:varlong logAppendTime-delta:varlong
///     marker    = producerId:varlong epoch:varint committed:byte (offset − firstOffset):varlong
///                 time-delta:varlong
///
/// A delta is to the one before that has such a thing (the first's to zero; a marker's time and an
/// extent's largest timestamp are one thing); the gap is from the offset after the span before. The
/// length of an extent with offsets of its own is written negative, from level 2 on; before, there
/// are no bytes for such an extent.
///
/// @param countMax the most that may be read
public record SpansShape(int countMax) implements Shape<List<Span>> {
  private static final Shape<Short> EPOCH = Shapes.limited().of(Short.class);
  private static final int SPAN_BYTES_MIN = 7;

  /// Of memory.
  private static final long SPAN_BYTES = 64;

  /// The level from which on there are extents with offsets of their own.
  public static final int OWN_OFFSETS_SINCE = 2;

  /// No extent is as short.
  private static final int MARKER = 0;

  @Override
  public void write(List<Span> spans, WireWriter out) {
    out.writeVarInt(spans.size());
    long fileId = 0;
    long nextOffset = 0;
    long maxTimestampMs = 0;
    long logAppendTimeMs = 0;
    for (Span span : spans) {
      switch (span) {
        case Extent extent -> {
          checkLevel(extent, out.level());
          out.writeVarInt(extent.hasOwnOffsets() ? -extent.length() : extent.length());
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
          EPOCH.write(marker.producerEpoch(), out);
          out.writeBoolean(marker.committed());
          out.writeVarLong(marker.offset() - marker.firstOffset());
          out.writeVarLong(marker.timeMs() - maxTimestampMs);
        }
      }
      nextOffset = span.lastOffset() + 1;
      maxTimestampMs = span.maxTimestampMs();
    }
  }

  @Override
  public List<Span> read(WireReader in) {
    int count = in.readCount(SPAN_BYTES_MIN);
    if (count > countMax) {
      throw new MalformedBytesException(
          "%d spans, at most %d are allowed".formatted(count, countMax));
    }
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
        short epoch = EPOCH.read(in);
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
        boolean own = length < 0 && in.level() >= OWN_OFFSETS_SINCE;
        span =
            new Extent(
                fileId,
                position,
                own ? -length : length,
                baseOffset,
                lastOffset,
                maxTimestampMs,
                logAppendTimeMs,
                own ? Offsets.OWN : Offsets.DENSE);
      }
      nextOffset = span.lastOffset() + 1;
      spans.add(span);
    }
    return Collections.unmodifiableList(spans);
  }

  /// @throws ReaderTooOldException if there are no bytes for it at this level
  public static void checkLevel(Extent extent, int level) {
    if (extent.hasOwnOffsets() && level < OWN_OFFSETS_SINCE) {
      throw new ReaderTooOldException("an extent with offsets of its own", level);
    }
  }

  @Override
  public int versionAt(int level) {
    return level < OWN_OFFSETS_SINCE ? 1 : OWN_OFFSETS_SINCE;
  }

  @Override
  public boolean weighs() {
    return true;
  }

  @Override
  public long weight(List<Span> spans) {
    return spans.size() * SPAN_BYTES;
  }
}
