package io.weft.controlplane.state;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Producers.ProducerIds;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.StateRecord.ProducerIdsLeased;
import io.weft.model.Invariant;

/// The producer ids that were given out: all below the next one. Owned by one thread.
final class ProducerIdBlocks {
  static final int IDS_PER_BLOCK_MAX = 10_000;

  private long next = 1;

  /// Every id below this was given out, none from it on.
  long issuedBelow() {
    return next;
  }

  Decision<ProducerIds> decideLease(int count) {
    if (count < 1 || count > IDS_PER_BLOCK_MAX) {
      throw new ControlPlaneException.Rejected(
          "asked for %d producer ids; 1 to %d can be had at once"
              .formatted(count, IDS_PER_BLOCK_MAX));
    }
    return Decision.of(new ProducerIdsLeased(next, count), new ProducerIds(next, count));
  }

  void replay(ProducerIdsLeased record) {
    Invariant.check(record.first() == next, "producer ids from %d on", record.first());
    next = Math.addExact(next, record.count());
  }

  void write(WireWriter out) {
    out.writeVarLong(next);
  }

  void read(WireReader in) {
    next = in.readVarLong();
  }
}
