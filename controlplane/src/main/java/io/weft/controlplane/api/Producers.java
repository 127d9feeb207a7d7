package io.weft.controlplane.api;

import io.weft.model.AgentId;

/// What InitProducerId needs.
public interface Producers {
  /// Producer ids nobody else will ever get. (A repeated call leases more; ids may go unused.)
  ProducerIds leaseIds(AgentId agent, int count);

  record ProducerIds(long first, int count) {}
}
