package io.weft.controlplane.api;

import io.weft.controlplane.api.admin.Administration;

/// All that may be asked of the control plane, by asker. Thread-safe.
public interface ControlPlane extends Administration, Coordinators, AutoCloseable {
  Sequencer sequencer();

  ExtentIndex extents();

  CommitFeed feed();

  TopicCatalog topics();

  Producers producers();

  FileLedger files();

  Membership membership();

  @Override
  void close();
}
