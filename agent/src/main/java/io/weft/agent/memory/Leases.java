package io.weft.agent.memory;

import java.util.ArrayList;
import java.util.List;

/// Leases that are released together. Owned by one thread at a time.
public final class Leases implements Lease {
  private final List<Lease> held = new ArrayList<>();

  /// Takes a lease over: it is released with the others.
  public void add(Lease lease) {
    held.add(lease);
  }

  @Override
  public long bytes() {
    return held.stream().mapToLong(Lease::bytes).sum();
  }

  /// Releases what has been added; a later call releases what has been added since.
  @Override
  public void release() {
    List<Lease> over = List.copyOf(held);
    held.clear();
    over.forEach(Lease::release);
  }
}
