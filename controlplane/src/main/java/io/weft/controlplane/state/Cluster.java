package io.weft.controlplane.state;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.part.StateRecord.ClusterFounded;
import io.weft.model.Invariant;

/// The cluster's id, and how far the times of its records have come. Owned by one thread.
final class Cluster {
  /// Empty until the cluster is founded.
  private String id = "";

  private long timeMs;

  boolean isFounded() {
    return !id.isEmpty();
  }

  String id() {
    return id;
  }

  long timeMs() {
    return timeMs;
  }

  /// Whether a record is to be replayed: a founder's own one it has replayed already when it made
  /// it.
  boolean begins(StateRecord record) {
    if (!(record instanceof ClusterFounded founded)) {
      Invariant.check(isFounded(), "a record before the cluster is founded");
      return true;
    }
    Invariant.check(!founded.clusterId().isEmpty(), "a cluster without an id");
    Invariant.check(!isFounded() || id.equals(founded.clusterId()), "the cluster is founded twice");
    boolean isNew = !isFounded();
    id = founded.clusterId();
    return isNew;
  }

  /// The record was replayed.
  void reach(StateRecord record) {
    if (record instanceof StateRecord.Timed timed) {
      timeMs = Math.max(timeMs, timed.timeMs());
    }
  }

  void write(WireWriter out) {
    out.writeString(id);
    out.writeVarLong(timeMs);
  }

  void read(WireReader in) {
    id = in.readString();
    timeMs = in.readVarLong();
  }
}
