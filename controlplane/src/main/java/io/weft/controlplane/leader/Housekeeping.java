package io.weft.controlplane.leader;

import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Registered;
import io.weft.controlplane.api.admin.Releases.AgentLevel;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.QuestionType;
import io.weft.controlplane.groups.GroupFigures;
import io.weft.controlplane.leader.cleaning.CleaningPlanner;
import io.weft.controlplane.leader.cleaning.CleaningSettings;
import io.weft.controlplane.leader.collection.DataCollection;
import io.weft.controlplane.leader.compaction.CompactionPlanner;
import io.weft.controlplane.leader.compaction.CompactionSettings;
import io.weft.controlplane.leader.conservation.SumStatements;
import io.weft.controlplane.leader.conservation.SumsFigures;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.file.OutstandingLease;
import io.weft.controlplane.state.idle.IdleMarks;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.environment.Clock;
import io.weft.environment.Environment;
import io.weft.environment.Randomness;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

/// What runs out in one term: agents, file ids, producers, transactions, stored data. Owned by the
/// leader thread.
///
/// Time limits are measured on this process's monotonic clock, from what this leader has seen: a
/// new leader begins them all anew. What has run out becomes a record like any other; nothing is
/// taken as run out before that. Producers are too many to be watched one by one: what they used
/// last is told by marks in the journal's times ([IdleMarks]).
final class Housekeeping {
  static final long AGENTS_EVERY_MS = 1_000;
  static final long FILES_EVERY_MS = 10_000;

  /// While what is merged is being planned.
  static final long COMPACTIONS_EVERY_MS = 100;

  static final long PRODUCERS_EVERY_MS = 60_000;

  private static final QuestionType<Boolean> RENEW =
      QuestionType.of(Membership.class, it -> it.renew(new AgentId(0)));

  private static final QuestionType<Registered> REGISTER =
      QuestionType.of(Membership.class, it -> it.register(new UUID(0, 0), Zone.NONE, "", 0));

  private final LeaderSettings.Timing timing;
  private final Clock clock;
  private final Randomness randomness;
  private final Map<AgentId, Long> renewedMs = new HashMap<>();
  private final Map<AgentId, Integer> levels = new HashMap<>();
  private final Map<Long, Issued> issued = new HashMap<>();
  private final TransactionTimers transactions;
  private final IdleMarks producers;
  private final CompactionPlanner compactions;
  private final CleaningPlanner cleanings;
  private final DataCollection data;
  private final PartitionLogs logs;
  private final SumStatements sums = new SumStatements();
  private long agentsLookedAtMs;
  private long compactionsLookedAtMs;
  private long filesLookedAtMs;
  private long producersLookedAtMs;

  Housekeeping(LeaderSettings settings, ControlPlaneState state, Environment environment) {
    this.timing = settings.timing();
    this.clock = environment.clock();
    this.randomness = environment.randomness();
    this.logs = state.logs();
    this.agentsLookedAtMs = clock.monotonicMs();
    this.compactionsLookedAtMs = agentsLookedAtMs;
    this.filesLookedAtMs = agentsLookedAtMs;
    this.producersLookedAtMs = agentsLookedAtMs;
    this.producers =
        new IdleMarks(timing.producerIdleMs(), 2 * PRODUCERS_EVERY_MS, producersLookedAtMs);
    this.transactions = new TransactionTimers(clock, settings.transactionalIdIdleMs());
    this.compactions =
        new CompactionPlanner(
            state.logs(),
            clock,
            CompactionSettings.STANDARD.withLowLatencyMs(settings.lowLatencyMs()),
            clock.wallMs());
    state.compactions().ledBy(compactions);
    this.cleanings =
        new CleaningPlanner(
            state.logs(), clock, CleaningSettings.STANDARD, compactions::isBusy, clock.wallMs());
    compactions.leave(cleanings::isBeingCleaned);
    state.cleanings().ledBy(cleanings);
    this.data = new DataCollection(timing.fileDeleteGraceMs(), settings.topicUndeleteMs(), clock);
    state.deletion().ledBy(data);
  }

  /// @param lastIssuedMs as the state says: tells a new issue from the one that was seen
  /// @param seenMs monotonic
  private record Issued(long lastIssuedMs, long seenMs) {}

  /// An agent that came late must be able to read what there is.
  ///
  /// @param level that is final for the cluster
  /// @throws Rejected if the command registers an agent that does not know it, or renews the
  ///   registration of one
  void admit(Command<?> command, int level) {
    boolean ofMember = command.question() == REGISTER || command.question() == RENEW;
    if (ofMember && command.askerLevel() < level) {
      throw new Rejected(
          "level %d is final, and this agent knows levels up to %d: it has to be upgraded"
              .formatted(level, command.askerLevel()));
    }
  }

  /// Takes note of the agents that are alive.
  <R> void answered(Command<R> command, R reply) {
    if (command.question() == RENEW && Boolean.TRUE.equals(reply)) {
      AgentId agent = (AgentId) command.arguments().getFirst();
      renewedMs.put(agent, clock.monotonicMs());
      levels.put(agent, command.askerLevel());
    } else if (reply instanceof Registered registered) {
      renewedMs.put(registered.id(), clock.monotonicMs());
      levels.put(registered.id(), command.askerLevel());
    }
    data.answered(command);
  }

  /// The highest level that each of these agents knows; 0 for one that was not heard from yet.
  List<AgentLevel> levels(List<AgentId> agents) {
    return agents.stream().map(each -> new AgentLevel(each, levels.getOrDefault(each, 0))).toList();
  }

  /// What the leader counts, now.
  LeaderFigures figures(GroupFigures groups, int transactionsOpen) {
    return new LeaderFigures(
        true,
        groups,
        transactionsOpen,
        transactions.timedOut(),
        compactions.figures(),
        cleanings.figures(),
        data.figures(),
        SumsFigures.of(logs.conservation()));
  }

  /// What the entry of a turn says, with the sums of all logs at its end when it is time for them.
  byte[] entry(ControlPlaneState state, Turn turn) {
    if (turn.hasRecords() && sums.next(state.in(turn.step()))) {
      turn.settle();
    }
    return turn.body();
  }

  /// Until the next look, from now.
  long waitMs() {
    long dueMs = agentsLookedAtMs + AGENTS_EVERY_MS;
    if (compactions.isPlanning()) {
      dueMs = Math.min(dueMs, compactionsLookedAtMs + COMPACTIONS_EVERY_MS);
    }
    return data.isBusy() ? 0 : Math.max(0, dueMs - clock.monotonicMs());
  }

  /// Expires what has run out. To be called when no command waits: a renewal may be among them.
  void look(ControlPlaneState state, Turn turn) {
    long nowMs = clock.monotonicMs();
    if (nowMs - agentsLookedAtMs >= AGENTS_EVERY_MS) {
      lookAtAgents(state, turn, nowMs);
      if (state.agents().anyIsAsked()) {
        state.neighbourKeys().renew(randomness::secret);
        turn.settle();
      }
      state.shares().expireLocks();
      turn.settle();
      cleanings.look();
      agentsLookedAtMs = nowMs;
    }
    if (nowMs - compactionsLookedAtMs
        >= (compactions.isPlanning() ? COMPACTIONS_EVERY_MS : AGENTS_EVERY_MS)) {
      compactions.look();
      compactionsLookedAtMs = nowMs;
    }
    if (nowMs - filesLookedAtMs >= FILES_EVERY_MS) {
      lookAtFiles(state, turn, nowMs);
      filesLookedAtMs = nowMs;
    }
    if (nowMs - producersLookedAtMs >= PRODUCERS_EVERY_MS) {
      OptionalLong unusedSinceMs = producers.look(nowMs, turn.nowMs());
      if (unusedSinceMs.isPresent()) {
        state.logs().expireProducers(unusedSinceMs.getAsLong());
        turn.settle();
      }
      producersLookedAtMs = nowMs;
    }
    transactions.look(state, turn);
    data.look(state, turn.nowMs(), turn::settle);
  }

  private void lookAtAgents(ControlPlaneState state, Turn turn, long nowMs) {
    // While the leader itself was held up (a slow store) nobody could renew: that time is not
    // theirs.
    long heldUpMs = Math.max(0, nowMs - agentsLookedAtMs - 2 * AGENTS_EVERY_MS);
    Map<AgentId, Long> alive = new HashMap<>();
    for (AgentId agent : state.agents().ids()) {
      long lastMs = Math.min(nowMs, renewedMs.getOrDefault(agent, nowMs) + heldUpMs);
      if (nowMs - lastMs > timing.agentLeaseMs()) {
        state.agents().leave(agent);
        turn.settle();
      } else {
        alive.put(agent, lastMs);
      }
    }
    renewedMs.clear();
    renewedMs.putAll(alive);
    levels.keySet().retainAll(alive.keySet());
  }

  private void lookAtFiles(ControlPlaneState state, Turn turn, long nowMs) {
    Map<Long, Issued> outstanding = new HashMap<>();
    for (OutstandingLease lease : state.leases().outstanding()) {
      Issued before = issued.get(lease.firstFileId());
      Issued seen =
          before != null && before.lastIssuedMs() == lease.lastIssuedMs()
              ? before
              : new Issued(lease.lastIssuedMs(), nowMs);
      if (nowMs - seen.seenMs() > timing.fileIdLeaseMs()) {
        state.collection().expireLease(lease.firstFileId());
        turn.settle();
      } else {
        outstanding.put(lease.firstFileId(), seen);
      }
    }
    issued.clear();
    issued.putAll(outstanding);
  }
}
