package io.weft.controlplane.api;

import io.weft.controlplane.api.question.Question;
import io.weft.model.AgentId;

/// What InitProducerId needs.
public interface Producers {
  /// Producer ids nobody else will ever get. (A repeated call leases more; ids may go unused.)
  @Question(kind = 3, name = "LeaseProducerIds")
  ProducerIds leaseIds(AgentId agent, int count);

  record ProducerIds(long first, int count) {}
}
