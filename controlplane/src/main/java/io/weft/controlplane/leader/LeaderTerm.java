package io.weft.controlplane.leader;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.command.QuestionType;
import io.weft.controlplane.groups.GroupReply;
import io.weft.controlplane.groups.LedGroups;
import io.weft.controlplane.journal.JournalTip;
import io.weft.controlplane.journal.JournalWriter;
import io.weft.controlplane.journal.TermWriter;
import io.weft.controlplane.leader.quarantine.DeadlyCommand;
import io.weft.controlplane.leader.quarantine.Quarantine;
import io.weft.controlplane.leader.quarantine.Suspect;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.level.ClusterLevel;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.model.OpaqueBytes;
import io.weft.model.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One leadership, from the entry that began it to the first doubt. Owned by the leader thread.
///
///     take what waits → state.take each, answers held back → append the records as one entry
///       → publish events, release answers → perhaps a snapshot → take what waits …
///
/// *Reads.* A turn without records needs no entry of its own if nobody else can have written since
/// the last one: others wait for `leaderLeaseMs` after the last entry they saw before they take
/// over, so within a little less, counted from the beginning of the last append, the state in
/// memory is the newest there is. Later than that, the turn writes an entry without records first.
///
/// *Heartbeats* are the writer's: they wait for no turn.
final class LeaderTerm {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderTerm.class);

  private static final String QUARANTINED =
      "the control plane has failed on this very command, and does not take it any more";

  private final ControlPlaneState state;
  private final Quarantine quarantine;
  private final TermWriter writer;
  private final SnapshotTaker snapshots;
  private final WorkQueue queue;
  private final LeaderSettings settings;
  private final long answersBytesMax =
      LeaderSettings.turnAnswersBytesMax(Runtime.getRuntime().maxMemory());
  private final Environment environment;
  private final TermClock clock;
  private final Housekeeping housekeeping;
  private final FeedDesk feeds = new FeedDesk();
  private ChangeListener changes = feeds;
  private final Deque<Work> drained = new ArrayDeque<>();
  private Turn turn;
  private Optional<LedGroups> groups = Optional.empty();
  private volatile LeaderFigures figures = LeaderFigures.NONE;

  /// @param writer has just begun an epoch, after the last entry that `replica` holds
  LeaderTerm(
      Replica replica,
      TermWriter writer,
      SnapshotTaker snapshots,
      WorkQueue queue,
      LeaderSettings settings,
      Environment environment) {
    this.state = replica.state();
    this.quarantine = replica.quarantine();
    this.writer = writer;
    this.snapshots = snapshots;
    this.queue = queue;
    this.settings = settings;
    this.environment = environment;
    this.housekeeping = new Housekeeping(settings, state, environment);
    this.clock = new TermClock(environment.clock(), seenMs());
    beginTurn(nowMs());
    state.ledBy(this::quorum);
    state
        .level()
        .ledBy(
            () ->
                new ClusterLevel.Known(
                    settings.journal().level(), housekeeping.levels(state.agents().ids())));
    // Heartbeats tell no time: what is long past must not be dated by the last turn.
    quarantine.saw(turn.nowMs());
  }

  /// Leads until it must not, or is asked to stop.
  ///
  /// @return why it ended
  String lead() {
    String why = "the leader failed";
    try {
      why = takeTurns();
      return why;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      why = "the leader was interrupted";
      return why;
    } catch (DeadlyCommand e) {
      why = e.getMessage();
      e.suspect().ifPresent(this::warnTheNext);
      throw e;
    } finally {
      abandon(why);
    }
  }

  private String takeTurns() throws InterruptedException {
    Optional<String> lost = found();
    feeds.begin(state.catalog().version());
    if (lost.isEmpty()) {
      lost = beginGroups();
    }
    while (lost.isEmpty()) {
      if (queue.isStopping()) {
        return resign();
      }
      drained.addAll(queue.take(settings.limits().commandsPerTurnMax(), waitMs()));
      do {
        writer.alive();
        lost = takeTurn();
      } while (lost.isEmpty() && !drained.isEmpty());
      // A turn that was not written is in the state, and must be in no snapshot.
      if (lost.isEmpty()) {
        snapshots.consider(state, writer.tip());
      }
    }
    return lost.get();
  }

  private Optional<String> found() {
    if (state.founded()) {
      return Optional.empty();
    }
    turn.records().add(state.found(newClusterId(), turn.nowMs()));
    state.level().begin(settings.journal().level());
    turn.settle();
    return finishTurn();
  }

  /// What the state holds of groups comes to life.
  private Optional<String> beginGroups() {
    LedGroups led =
        new LedGroups(
            state,
            state.catalog().all(),
            settings.groups(),
            new TermShares(state),
            environment,
            queue::wake);
    state.resources().settings(ResourceSettings.Kind.GROUP).forEach(led::configure);
    groups = Optional.of(led);
    state.shares().rules().set(led::shareSettings);
    changes = new TermChanges(feeds, led);
    beginTurn(nowMs());
    led.begin(new TermStep(state, turn.nowMs()));
    turn.settle();
    figures = count(led);
    return finishTurn();
  }

  private void beginTurn(long nowMs) {
    turn = new Turn(nowMs, changes, state.level()::value);
    state.in(turn.step());
  }

  private Optional<String> takeTurn() {
    beginTurn(nowMs());
    LedGroups led = groups.orElseThrow();
    led.in(new TermStep(state, turn.nowMs()));
    while (!drained.isEmpty()
        && turn.bytes() < settings.limits().turnBytesMax()
        && turn.answerBytes() < answersBytesMax) {
      switch (drained.removeFirst()) {
        case Work.Asked<?> asked -> take(asked);
        case Work.Opened opened -> feeds.open(opened.subscription());
        case Work.Watched watched -> {
          for (PartitionId partition : watched.partitions()) {
            feeds.watch(watched.subscription(), partition, state.logs().bounds(partition));
          }
        }
        case Work.Unwatched unwatched ->
            feeds.unwatch(unwatched.subscription(), unwatched.partitions());
      }
    }
    if (drained.isEmpty() && led.waitMs() == 0) {
      led.runDue();
      led.settle(turn.records());
      turn.settle();
      figures = count(led);
    }
    if (drained.isEmpty() && housekeeping.waitMs() == 0) {
      housekeeping.look(state, turn);
      feeds.sweep();
    }
    return finishTurn();
  }

  private LeaderFigures count(LedGroups led) {
    return housekeeping.figures(led.figures(), state.transactions().open().size());
  }

  /// To be asked by any thread.
  LeaderFigures figures() {
    return figures;
  }

  private <R> void take(Work.Asked<R> asked) {
    if (asked.reply().isDone()) {
      return;
    }
    if (quarantine.holds(asked.command())) {
      asked.reply().fail(new ControlPlaneException.Rejected(QUARANTINED));
      return;
    }
    try {
      Optional<GroupRequest> coordination = asked.command().coordination();
      if (coordination.isPresent()) {
        coordinate(coordination.get(), asked);
        return;
      }
      asked.command().askOf(ResourceSettings.class, new SettingsCheck(groups.orElseThrow(), state));
      housekeeping.admit(asked.command(), state.level().value());
      R reply = state.take(asked.command());
      groups.orElseThrow().settle(turn.records());
      turn.settle();
      housekeeping.answered(asked.command(), reply);
      turn.answer(asked.reply(), reply, asked.command().question().weight(reply));
    } catch (ControlPlaneException.Rejected e) {
      if (!turn.records().isEmpty()) {
        throw deadly(asked, new IllegalStateException("a rejected command left records", e));
      }
      turn.refuse(asked.reply(), e);
    } catch (OutOfMemoryError e) {
      // The command that comes when the memory is full is often not the one that has filled it.
      asked
          .reply()
          .fail(new ControlPlaneException.Unavailable("the control plane has no memory left", e));
      throw e;
    } catch (RuntimeException | Error e) {
      throw deadly(asked, e);
    }
  }

  /// A bug, or more than a stack holds. The state may be half changed: the turn is never released,
  /// and its other callers are told when it is abandoned.
  private static DeadlyCommand deadly(Work.Asked<?> asked, Throwable why) {
    Optional<Suspect> suspect = Suspect.of(asked.command());
    asked
        .reply()
        .fail(
            suspect.isPresent()
                ? new ControlPlaneException.Rejected(QUARANTINED)
                : new ControlPlaneException.Unavailable("the control plane met a bug", why));
    return new DeadlyCommand(suspect, why);
  }

  /// What the state takes as it comes, and the coordinator has rules for.
  private record SettingsCheck(LedGroups groups, ControlPlaneState state)
      implements ResourceSettings {
    @Override
    public Optional<Configured> read(Kind kind, long knownVersion) {
      return Optional.empty();
    }

    @Override
    public ConfigureOutcome configure(
        Kind kind, String name, long expectedVersion, Map<String, String> settings) {
      if (kind == Kind.GROUP) {
        groups.check(state.resources().settings(kind, name), settings);
      }
      return ConfigureOutcome.CONFIGURED;
    }
  }

  private Quorum.Status quorum() {
    JournalTip tip = writer.tip();
    return new Quorum.Status(settings.name(), tip.epoch(), tip.index(), turn.nowMs());
  }

  private <R> void coordinate(GroupRequest request, Work.Asked<R> asked) {
    LedGroups led = groups.orElseThrow();
    // A call that waits long does not keep its request.
    Pending<R> reply = asked.reply();
    QuestionType<R> question = asked.command().question();
    led.ask(
        request,
        new GroupReply() {
          @Override
          public void answer(OpaqueBytes response) {
            turn.answer(reply, question.reply(response), response.size());
          }

          @Override
          public void fail(RuntimeException why) {
            reply.fail(why);
          }

          @Override
          public boolean isAbandoned() {
            return reply.isDone();
          }
        });
    led.settle(turn.records());
    turn.settle();
  }

  /// @return why leadership is lost, if it is
  private Optional<String> finishTurn() {
    boolean answers = turn.hasAnswers() || feeds.hasEvents();
    if (turn.hasRecords() || (answers && !writer.holdsLease())) {
      Optional<String> lost = append(housekeeping.entry(state, turn));
      if (lost.isPresent()) {
        return lost;
      }
    } else if (writer.lost().isPresent()) {
      return writer.lost().flatMap(LeaderTerm::why);
    }
    feeds.publish();
    turn.release();
    beginTurn(turn.nowMs());
    return Optional.empty();
  }

  private Optional<String> append(byte[] body) {
    Optional<String> lost = why(writer.append(turn.nowMs(), body));
    if (lost.isEmpty()) {
      snapshots.wrote(body.length);
    }
    return lost;
  }

  private static Optional<String> why(JournalWriter.Outcome outcome) {
    return switch (outcome) {
      case JournalWriter.Outcome.Written _ -> Optional.empty();
      case JournalWriter.Outcome.Lost(String why) -> Optional.of(why);
      case JournalWriter.Outcome.Overtaken(long next) ->
          Optional.of("others are at entry %d already".formatted(next));
    };
  }

  /// The next leader has to refuse the command that this one broke on, since it may be asked again.
  /// So has this one, even if the entry cannot be written.
  private void warnTheNext(Suspect suspect) {
    long nowMs = nowMs();
    quarantine.add(suspect, nowMs);
    why(writer.resign(nowMs, EntryBody.quarantined(suspect)))
        .ifPresent(lost -> LOG.warn("The next leader is not warned of {}: {}", suspect, lost));
  }

  private String resign() {
    return why(writer.resign(nowMs(), EntryBody.resigned())).orElse("the leader has resigned");
  }

  private void abandon(String why) {
    writer.end();
    ControlPlaneException.Unavailable unavailable =
        new ControlPlaneException.Unavailable("leadership lost: " + why, null);
    queue.close(unavailable.getMessage()).forEach(work -> work.fail(unavailable));
    drained.forEach(work -> work.fail(unavailable));
    drained.clear();
    turn.fail(unavailable);
    groups.ifPresent(led -> led.abandon(unavailable));
    feeds.breakAll(unavailable.getMessage());
  }

  private long waitMs() {
    return Math.min(housekeeping.waitMs(), groups.orElseThrow().waitMs());
  }

  private long nowMs() {
    return clock.nowMs(seenMs());
  }

  private long seenMs() {
    return Math.max(writer.tip().timeMs(), state.timeMs());
  }

  /// As Kafka writes them: 16 random bytes in 22 characters.
  private String newClusterId() {
    byte[] bytes =
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(environment.randomness().nextLong())
            .putLong(environment.randomness().nextLong())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
