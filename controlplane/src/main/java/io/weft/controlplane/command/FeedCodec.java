package io.weft.controlplane.command;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.AtMost;
import java.util.List;

/// The bytes of the commit feed, both ways. Stateless; reads as [CommandCodec] does.
///
///     request = version:byte request         see FeedRequest
///     events  = version:byte count event*    see CommitFeed.Event; none: a sign of life
public final class FeedCodec {
  private static final Message<FeedRequest> REQUEST =
      new Message<>("feed request", Questions.shapes().of(FeedRequest.class));
  private static final Message<Events> EVENTS =
      new Message<>("feed event", Questions.shapes().of(Events.class));

  private FeedCodec() {}

  /// Has to be public to be written.
  public record Events(@AtMost(CommitFeed.EVENTS_PER_MESSAGE_MAX) List<Event> events) {}

  /// @param level that the reader knows
  public static void writeRequest(FeedRequest request, int level, WireWriter out) {
    REQUEST.writeVersion(level, out);
    REQUEST.writeBody(request, level, out);
  }

  public static FeedRequest readRequest(WireReader in) {
    return REQUEST.readBody(in.readByte(), Levels.KNOWN, in);
  }

  /// @param level that the reader knows
  public static void writeEvents(List<Event> events, int level, WireWriter out) {
    EVENTS.writeVersion(level, out);
    EVENTS.writeBody(new Events(events), level, out);
  }

  public static List<Event> readEvents(WireReader in) {
    return EVENTS.readBody(in.readByte(), Levels.KNOWN, in).events();
  }
}
