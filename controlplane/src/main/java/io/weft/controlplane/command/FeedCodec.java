package io.weft.controlplane.command;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.ValueWire.Limit;
import java.util.List;

/// The bytes of the commit feed, both ways. Stateless; reads as [CommandCodec] does.
///
///     request = version:byte ( 1 agent                       open
///                            | 2 count partition*            watch
///                            | 3 count partition* )          unwatch
///     events  = version:byte count event*                    none: a sign of life
///     event   = 1 partition bounds                           baseline
///             | 2 partition bounds spans                     advanced
///             | 3 partition                                  gone
///             | 4 version:varlong                            catalog changed
public final class FeedCodec {
  /// Extents and markers that one event may add, at most.
  public static final int SPANS_PER_EVENT_MAX = 100_000;

  /// Events in one message, at most.
  public static final int EVENTS_PER_MESSAGE_MAX = 100_000;

  private static final int OPEN = 1;
  private static final int WATCH = 2;
  private static final int UNWATCH = 3;

  private static final int BASELINE = 1;
  private static final int ADVANCED = 2;
  private static final int GONE = 3;
  private static final int CATALOG_CHANGED = 4;

  private static final Limit WATCHED =
      new Limit("partitions", PartitionColumn.BYTES_MIN, CommitFeed.PARTITIONS_WATCHED_MAX);
  private static final Limit EVENTS = new Limit("events", 2, EVENTS_PER_MESSAGE_MAX);
  private static final Limit SPANS = ExtentWire.limitOfSpans(SPANS_PER_EVENT_MAX);

  private FeedCodec() {}

  public static void writeRequest(FeedRequest request, WireWriter out) {
    out.writeByte(CommandCodec.VERSION);
    switch (request) {
      case FeedRequest.Open open -> {
        out.writeByte(OPEN);
        ValueWire.writeAgent(open.agent(), out);
      }
      case FeedRequest.Watch watch -> {
        out.writeByte(WATCH);
        ExtentWire.writePartitions(watch.partitions(), out);
      }
      case FeedRequest.Unwatch unwatch -> {
        out.writeByte(UNWATCH);
        ExtentWire.writePartitions(unwatch.partitions(), out);
      }
    }
  }

  public static FeedRequest readRequest(WireReader in) {
    CommandCodec.requireVersion(in);
    return MalformedBytesException.ifImpossible("feed request", () -> readRequestBody(in));
  }

  private static FeedRequest readRequestBody(WireReader in) {
    byte kind = in.readByte();
    return switch (kind) {
      case OPEN -> new FeedRequest.Open(ValueWire.readAgent(in));
      case WATCH -> new FeedRequest.Watch(ExtentWire.readPartitions(WATCHED, in));
      case UNWATCH -> new FeedRequest.Unwatch(ExtentWire.readPartitions(WATCHED, in));
      default -> throw ValueWire.unknown("kind of feed request", kind);
    };
  }

  public static void writeEvents(List<Event> events, WireWriter out) {
    out.writeByte(CommandCodec.VERSION);
    PartitionColumn partitions = new PartitionColumn();
    ValueWire.writeList(events, out, (event, to) -> writeEvent(event, partitions, to));
  }

  public static List<Event> readEvents(WireReader in) {
    CommandCodec.requireVersion(in);
    PartitionColumn partitions = new PartitionColumn();
    return MalformedBytesException.ifImpossible(
        "feed event", () -> ValueWire.readList(in, EVENTS, from -> readEvent(partitions, from)));
  }

  private static void writeEvent(Event event, PartitionColumn partitions, WireWriter out) {
    switch (event) {
      case Event.Baseline baseline -> {
        out.writeByte(BASELINE);
        partitions.write(baseline.partition(), out);
        ValueWire.writeBounds(baseline.bounds(), out);
      }
      case Event.Advanced advanced -> {
        out.writeByte(ADVANCED);
        partitions.write(advanced.partition(), out);
        ValueWire.writeBounds(advanced.bounds(), out);
        ExtentWire.writeSpans(advanced.appended(), out);
      }
      case Event.Gone gone -> {
        out.writeByte(GONE);
        partitions.write(gone.partition(), out);
      }
      case Event.CatalogChanged changed -> {
        out.writeByte(CATALOG_CHANGED);
        out.writeVarLong(changed.version());
      }
    }
  }

  private static Event readEvent(PartitionColumn partitions, WireReader in) {
    byte kind = in.readByte();
    return switch (kind) {
      case BASELINE -> new Event.Baseline(partitions.read(in), ValueWire.readBounds(in));
      case ADVANCED ->
          new Event.Advanced(
              partitions.read(in), ValueWire.readBounds(in), ExtentWire.readSpans(SPANS, in));
      case GONE -> new Event.Gone(partitions.read(in));
      case CATALOG_CHANGED -> new Event.CatalogChanged(in.readVarLong());
      default -> throw ValueWire.unknown("kind of feed event", kind);
    };
  }
}
