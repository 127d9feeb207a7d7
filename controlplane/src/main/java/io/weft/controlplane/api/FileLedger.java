package io.weft.controlplane.api;

import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.model.AgentId;

/// Says which agent may write which file.
public interface FileLedger {
  /// Ids one lease may have, at most.
  int IDS_PER_LEASE_MAX = 10_000;

  /// Leases rising file ids that nobody else ever had. They can be committed until the lease
  /// expires, which is an entry in the journal and never undone.
  @Question(kind = 2, name = "LeaseFileIds")
  LeaseOutcome lease(AgentId agent, @AtMost(IDS_PER_LEASE_MAX) int count);

  /// As [#lease], of files of what producers send, which go to the cluster's low-latency store: the
  /// ids say so (see [io.weft.model.FileTier]). Before level 2 is final the answer has ids as
  /// [#lease] has them, and the files go where all go.
  @Question(kind = 94, name = "LeaseLowLatencyFileIds", since = 2)
  LeaseOutcome leaseLowLatency(AgentId agent, @AtMost(IDS_PER_LEASE_MAX) int count);

  sealed interface LeaseOutcome {
    /// @param usableMs how long from the *call* on the agent may begin files under these ids; the
    ///   control plane waits well longer before it lets them expire
    @Kind(0)
    record Leased(long first, @AtMost(IDS_PER_LEASE_MAX) int count, long usableMs)
        implements LeaseOutcome {}

    /// The agent's registration has lapsed: register again.
    @Kind(1)
    record UnknownAgent() implements LeaseOutcome {}
  }
}
