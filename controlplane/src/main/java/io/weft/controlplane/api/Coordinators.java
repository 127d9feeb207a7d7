package io.weft.controlplane.api;

/// Those parts of the control plane that stand for Kafka's coordinators.
public interface Coordinators {
  Groups groups();

  Transactions transactions();

  ShareGroups shareGroups();
}
