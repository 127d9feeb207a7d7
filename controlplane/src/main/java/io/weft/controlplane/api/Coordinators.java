package io.weft.controlplane.api;

import io.weft.controlplane.api.transaction.Transactions;

/// Those parts of the control plane that stand for Kafka's coordinators.
public interface Coordinators {
  Groups groups();

  Transactions transactions();

  ShareGroups shareGroups();
}
