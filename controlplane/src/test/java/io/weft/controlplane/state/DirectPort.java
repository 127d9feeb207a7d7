package io.weft.controlplane.state;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandPort;
import io.weft.controlplane.state.agent.AgentRecord.AgentRegistered;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.Step;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/// The real state of a founded cluster, asked directly: there is no leader, no journal and no
/// network, and no time passes. It can be away, and answers can be lost. Thread-safe.
public final class DirectPort implements CommandPort {
  public static final String CLUSTER_ID = "direct";

  /// The time of all that is asked.
  private static final long NOW_MS = 1_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final ControlPlaneState state = new ControlPlaneState();
  private final Set<String> unanswered = new HashSet<>();
  private boolean away;

  public DirectPort() {
    state.found(CLUSTER_ID, NOW_MS);
    state.ledBy(() -> new Quorum.Status("direct", 1, 7, NOW_MS));
  }

  @Override
  public <R> R ask(Command<R> command) {
    lock.lock();
    try {
      if (away) {
        throw new ControlPlaneException.Unavailable("away", null);
      }
      R reply = inStep().take(command);
      if (unanswered.remove(command.question().name())) {
        throw new ControlPlaneException.Unavailable("no answer", null);
      }
      return reply;
    } finally {
      lock.unlock();
    }
  }

  private ControlPlaneState inStep() {
    return state.in(new Step(NOW_MS, new ArrayList<>(), ChangeListener.NONE));
  }

  /// From here on every question fails, until called with false.
  public void setAway(boolean isAway) {
    lock.lock();
    try {
      away = isAway;
    } finally {
      lock.unlock();
    }
  }

  /// The next question of this name takes effect, and its asker is not answered.
  public void loseAnswer(String question) {
    lock.lock();
    try {
      unanswered.add(question);
    } finally {
      lock.unlock();
    }
  }

  /// @param id above that of every agent before it
  public void addAgent(int id, String zone, String host, int port) {
    lock.lock();
    try {
      inStep()
          .make(new AgentRegistered(new AgentId(id), new UUID(1, id), new Zone(zone), host, port));
    } finally {
      lock.unlock();
    }
  }

  public CreateOutcome create(NewTopic topic) {
    return as(TopicCatalog.class).create(topic);
  }

  /// Records of a partition that a share group is not done with.
  public long shareLag(String group, PartitionId partition) {
    lock.lock();
    try {
      return state.shares().summary(group, partition).orElseThrow().lag();
    } finally {
      lock.unlock();
    }
  }

  /// One file of these runs.
  public FileOutcome commit(AgentId agent, UploadedBatches... runs) {
    return switch (as(FileLedger.class).lease(agent, 1)) {
      case LeaseOutcome.Leased leased ->
          as(Sequencer.class)
              .commit(agent, leased.first(), List.of(TestCluster.file(leased.first(), runs)))
              .getFirst();
      case LeaseOutcome.UnknownAgent() -> throw new IllegalStateException("unknown " + agent);
    };
  }

  @Override
  public CommitFeed feed() {
    throw new IllegalStateException("a state has no feed");
  }

  @Override
  public void close() {}
}
