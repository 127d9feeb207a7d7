package io.weft.controlplane.state;

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

/// A state's parts by the accessors of [ControlPlane].
record StateAnswers(ControlPlaneState state) implements ControlPlane {
  @Override
  public Sequencer sequencer() {
    return state.as(Sequencer.class);
  }

  @Override
  public ExtentIndex extents() {
    return state.as(ExtentIndex.class);
  }

  @Override
  public TopicCatalog topics() {
    return state.as(TopicCatalog.class);
  }

  @Override
  public Producers producers() {
    return state.as(Producers.class);
  }

  @Override
  public Transactions transactions() {
    return state.as(Transactions.class);
  }

  @Override
  public FileLedger files() {
    return state.as(FileLedger.class);
  }

  @Override
  public Membership membership() {
    return state.as(Membership.class);
  }

  @Override
  public ResourceSettings resources() {
    return state.as(ResourceSettings.class);
  }

  @Override
  public ClientQuotas quotas() {
    return state.as(ClientQuotas.class);
  }

  @Override
  public ScramCredentials credentials() {
    return state.as(ScramCredentials.class);
  }

  @Override
  public Quorum quorum() {
    return state.as(Quorum.class);
  }

  @Override
  public ShareGroups shareGroups() {
    return state.as(ShareGroups.class);
  }

  /// Whoever leads answers for them, not the state.
  @Override
  public Groups groups() {
    throw new IllegalStateException("the state coordinates no groups");
  }

  /// No command asks for it: the feed is made of what a listener hears.
  @Override
  public CommitFeed feed() {
    throw new IllegalStateException("a state has no feed");
  }

  @Override
  public void close() {}
}
