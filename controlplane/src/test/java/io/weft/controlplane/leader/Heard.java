package io.weft.controlplane.leader;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.CommitFeed.Event;
import java.util.ArrayList;
import java.util.List;

/// A listener that keeps what it hears.
final class Heard implements CommitFeed.Listener {
  final List<Event> events = new ArrayList<>();
  final List<String> broken = new ArrayList<>();

  @Override
  public void onEvents(List<Event> more) {
    events.addAll(more);
  }

  @Override
  public void onBroken(String reason) {
    broken.add(reason);
  }

  <E extends Event> List<E> of(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
