package io.weft.controlplane.leader.collection;

import io.weft.controlplane.api.file.DeadFiles;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.QuestionType;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.catalog.TopicDeletion;
import io.weft.controlplane.state.collection.FileCollection;
import io.weft.controlplane.state.idle.IdleMarks;
import io.weft.controlplane.state.log.LogRecord.LogStart;
import io.weft.controlplane.state.log.LogRecord.LogStartsMoved;
import io.weft.controlplane.state.retention.RetentionWalk;
import io.weft.environment.Clock;
import io.weft.model.AgentId;
import java.util.List;
import java.util.OptionalLong;

/// Lets stored data go in one term: records that are past their retention, deleted topics that can
/// no longer come back, and files that no log needs. Owned by the leader thread.
///
/// *Which records are old* is told by the time that several processes agree on ([AgreedTime]),
/// never by this process's clock alone. *For how long a file has been condemned* is told by marks
/// in the journal's times ([IdleMarks]), so a new leader waits for a whole grace before it hands
/// out files.
///
/// Work is done in slices, one a turn; as long as there is more, the next turn goes on at once, so
/// it is never slower than what produces it.
public final class DataCollection implements TopicDeletion.Period {
  static final long WALK_EVERY_MS = 10_000;
  static final long FILES_EVERY_MS = 1_000;
  static final int CONDEMNED_PER_TURN_MAX = 5_000;

  private static final QuestionType<List<Long>> TAKE =
      QuestionType.of(DeadFiles.class, it -> it.take(new AgentId(0), 1, 0));

  private final Clock clock;
  private final long undeleteMs;
  private final AgreedTime time = new AgreedTime();
  private final RetentionWalk walk = new RetentionWalk();
  private final IdleMarks grace;
  private boolean moreFiles;
  private boolean moreTopics;
  private long filesLookedAtMs;
  private long walkedAtMs;
  private DataFigures figures = DataFigures.NONE;

  /// @param undeleteMs for how long deleted topics can come back; 0: not at all
  public DataCollection(long graceMs, long undeleteMs, Clock clock) {
    this.undeleteMs = undeleteMs;
    this.clock = clock;
    this.filesLookedAtMs = clock.monotonicMs();
    this.walkedAtMs = filesLookedAtMs;
    this.grace = new IdleMarks(graceMs, 2 * FILES_EVERY_MS, filesLookedAtMs);
  }

  /// Takes note of the clocks of agents.
  public void answered(Command<?> command) {
    if (command.question() == TAKE) {
      List<Object> said = command.arguments();
      time.told((AgentId) said.getFirst(), (long) said.getLast(), clock.monotonicMs());
    }
  }

  /// Whether there is more to do at once.
  public boolean isBusy() {
    return moreFiles || moreTopics || walk.isWalking();
  }

  /// Until when a topic is kept that is deleted now, whether this process's clock or the time that
  /// several agree on is behind.
  @Override
  public OptionalLong untilMs(long nowMs) {
    if (undeleteMs == 0) {
      return OptionalLong.empty();
    }
    long agreedMs = time.at(clock.wallMs(), clock.monotonicMs()).orElse(nowMs);
    return OptionalLong.of(Math.max(nowMs, agreedMs) + undeleteMs);
  }

  public DataFigures figures() {
    return figures;
  }

  /// @param journalMs the time of what is decided now
  /// @param settle makes what was decided part of the turn
  public void look(ControlPlaneState state, long journalMs, Runnable settle) {
    FileCollection files = state.collection();
    long nowMs = clock.monotonicMs();
    if (!files.isOpen()) {
      return;
    }
    if (nowMs - walkedAtMs >= WALK_EVERY_MS && !walk.isWalking()) {
      walk.begin(state.logs());
      walkedAtMs = nowMs;
    }
    if (walk.isWalking()) {
      List<LogStart> starts = walk.slice(state.logs(), time.at(clock.wallMs(), nowMs));
      if (!starts.isEmpty()) {
        state.make(new LogStartsMoved(starts));
        settle.run();
      }
    }
    if (nowMs - filesLookedAtMs >= FILES_EVERY_MS || moreTopics) {
      OptionalLong agreedMs = time.at(clock.wallMs(), nowMs);
      moreTopics = agreedMs.isPresent() && state.deletion().letGoOneBefore(agreedMs.getAsLong());
      settle.run();
    }
    if (nowMs - filesLookedAtMs >= FILES_EVERY_MS || moreFiles) {
      grace.look(nowMs, journalMs).ifPresent(files::ripen);
      moreFiles = files.condemn(CONDEMNED_PER_TURN_MAX);
      settle.run();
      filesLookedAtMs = nowMs;
    }
    figures =
        new DataFigures(walk.overdueMs(), files.queued(), files.deleted(), state.deletion().kept());
  }
}
