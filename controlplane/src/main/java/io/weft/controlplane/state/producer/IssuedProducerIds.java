package io.weft.controlplane.state.producer;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.AgentId;
import io.weft.model.Invariant;

/// The producer ids that were given out: all below the next one. Owned by one thread.
public final class IssuedProducerIds implements StatePart, Producers {
  static final int IDS_PER_BLOCK_MAX = 10_000;

  private final CurrentStep step;
  private long next = 1;

  public IssuedProducerIds(CurrentStep step) {
    this.step = step;
  }

  /// Every id below this was given out, none from it on.
  public long issuedBelow() {
    return next;
  }

  @Override
  public ProducerIds leaseIds(AgentId agent, int count) {
    if (count < 1 || count > IDS_PER_BLOCK_MAX) {
      throw new ControlPlaneException.Rejected(
          "asked for %d producer ids; one call can lease 1 to %d"
              .formatted(count, IDS_PER_BLOCK_MAX));
    }
    ProducerIds leased = new ProducerIds(next, count);
    step.make(new ProducerIdsLeased(next, count));
    return leased;
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    ProducerIdsLeased leased = (ProducerIdsLeased) record;
    Invariant.check(leased.first() == next, "producer ids from %d on", leased.first());
    next = Math.addExact(next, leased.count());
  }

  @Override
  public void write(WireWriter out) {
    out.writeVarLong(next);
  }

  @Override
  public void read(WireReader in) {
    next = in.readVarLong();
  }
}
