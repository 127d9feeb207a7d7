package io.weft.simulation.broken;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.Groups;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.api.transaction.Transactions;

/// A control plane with some of its parts replaced.
record Altered(
    ControlPlane real,
    Sequencer sequencer,
    ExtentIndex extents,
    FileLedger files,
    CommitFeed feed,
    Groups groups,
    ShareGroups shareGroups)
    implements ControlPlane {
  static Altered of(ControlPlane real) {
    return new Altered(
        real,
        real.sequencer(),
        real.extents(),
        real.files(),
        real.feed(),
        real.groups(),
        real.shareGroups());
  }

  Altered withSequencer(Sequencer other) {
    return new Altered(real, other, extents, files, feed, groups, shareGroups);
  }

  Altered withExtents(ExtentIndex other) {
    return new Altered(real, sequencer, other, files, feed, groups, shareGroups);
  }

  Altered withFileLedger(FileLedger other) {
    return new Altered(real, sequencer, extents, other, feed, groups, shareGroups);
  }

  Altered withFeed(CommitFeed other) {
    return new Altered(real, sequencer, extents, files, other, groups, shareGroups);
  }

  Altered withGroups(Groups other) {
    return new Altered(real, sequencer, extents, files, feed, other, shareGroups);
  }

  Altered withShareGroups(ShareGroups other) {
    return new Altered(real, sequencer, extents, files, feed, groups, other);
  }

  @Override
  public TopicCatalog topics() {
    return real.topics();
  }

  @Override
  public Producers producers() {
    return real.producers();
  }

  @Override
  public Transactions transactions() {
    return real.transactions();
  }

  @Override
  public Membership membership() {
    return real.membership();
  }

  @Override
  public ResourceSettings resources() {
    return real.resources();
  }

  @Override
  public ClientQuotas quotas() {
    return real.quotas();
  }

  @Override
  public ScramCredentials credentials() {
    return real.credentials();
  }

  @Override
  public Quorum quorum() {
    return real.quorum();
  }

  @Override
  public void close() {
    real.close();
  }
}
