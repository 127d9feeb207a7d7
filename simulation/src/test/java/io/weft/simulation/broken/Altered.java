package io.weft.simulation.broken;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlane;
import java.util.HashMap;
import java.util.Map;

/// A control plane with some of its parts replaced.
public record Altered(ControlPlane real, Map<Class<?>, Object> others, CommitFeed feed)
    implements ControlPlane {
  public static Altered of(ControlPlane real) {
    return new Altered(real, Map.of(), real.feed());
  }

  public <A> Altered with(Class<A> asker, A other) {
    Map<Class<?>, Object> more = new HashMap<>(others);
    more.put(asker, other);
    return new Altered(real, Map.copyOf(more), feed);
  }

  public Altered withFeed(CommitFeed other) {
    return new Altered(real, others, other);
  }

  @Override
  public <A> A as(Class<A> asker) {
    Object other = others.get(asker);
    return other == null ? real.as(asker) : asker.cast(other);
  }

  @Override
  public void close() {
    real.close();
  }
}
