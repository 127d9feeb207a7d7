package io.weft.controlplane.rpc;

import io.weft.controlplane.api.CommitFeed;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.rpc.Peers;

/// The commit feed of a control plane elsewhere. Thread-safe.
///
/// `open` returns at once and never fails: what goes wrong, from the first connection on, is told
/// the listener by `onBroken`.
record RpcFeed(Peers peers, PeerLevels levels, RpcClientSettings settings, Environment environment)
    implements CommitFeed {
  @Override
  public Subscription open(AgentId agent, Listener listener) {
    FeedStream stream = new FeedStream(agent, listener, this);
    environment.tasks().start("feed-" + agent.value(), stream);
    return stream;
  }
}
