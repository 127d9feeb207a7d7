package io.weft.controlplane.leader;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandPort;
import io.weft.controlplane.journal.Journal;
import io.weft.controlplane.journal.JournalException;
import io.weft.controlplane.journal.JournalReader;
import io.weft.controlplane.journal.JournalWriter;
import io.weft.controlplane.journal.ObjectJournal;
import io.weft.controlplane.journal.Snapshots;
import io.weft.controlplane.journal.TermWriter;
import io.weft.controlplane.journal.Truncation;
import io.weft.controlplane.leader.conservation.SumComparisons;
import io.weft.controlplane.leader.quarantine.DeadlyCommand;
import io.weft.controlplane.leader.quarantine.Quarantine;
import io.weft.environment.Environment;
import io.weft.environment.Outage;
import io.weft.environment.Pending;
import io.weft.storage.object.ObjectStore;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One process's place among those that may lead a cluster: follows the journal while another
/// leads, takes over when that one resigns or falls silent, and answers commands while it leads.
/// Thread-safe.
///
///     recovering ──▶ following ──▶ leading ──▶ closed
///         ▲   (damage)   │   (doubt)  │
///         └──────────────┴────────────┘
///
/// Several seats may stand on one journal, in one process or many: the next entry has one writer,
/// and that one leads.
public final class LeaderSeat implements CommandPort {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderSeat.class);

  private static final long RETRY_PAUSE_MS = 1_000;

  /// After a bug: others may take over meanwhile, and the log does not overflow.
  private static final long BUG_PAUSE_MS = 10_000;

  /// How long [#close] waits for the last turn and the resignation, and again after that was
  /// interrupted.
  private static final long CLOSE_WAIT_MS = 10_000;

  private final Journal journal;
  private final LeaderSettings settings;
  private final Environment environment;
  private final SeatStatus status;
  private final JournalReader reader;
  private final Recovery recovery;
  private final SnapshotTaker snapshots;
  private volatile WorkQueue queue;
  private final Outage outage = new Outage();
  private final SumComparisons sums = new SumComparisons();

  private volatile Supplier<LeaderFigures> figures = () -> LeaderFigures.NONE;
  private volatile Thread thread;

  private LeaderSeat(
      Journal journal, Snapshots snapshots, LeaderSettings settings, Environment environment) {
    this.journal = journal;
    this.settings = settings;
    this.environment = environment;
    this.status = new SeatStatus(environment);
    this.reader = new JournalReader(journal, environment, settings.journal().readAheadMax());
    Quarantine quarantine = new Quarantine(environment.clock());
    this.recovery =
        new Recovery(
            snapshots, reader, quarantine, settings.journal().level(), sums, environment.clock());
    this.snapshots =
        new SnapshotTaker(
            snapshots,
            new Truncation(
                journal,
                snapshots,
                SnapshotTaker::decode,
                environment,
                settings.journal().truncationGraceMs()),
            settings.limits(),
            environment);
    this.queue = WorkQueue.closed(environment, "the control plane is starting");
  }

  /// Takes a seat on the journal and the snapshots of an object store (which stays the caller's to
  /// close, after this).
  public static LeaderSeat open(
      ObjectStore journalStore, LeaderSettings settings, Environment environment) {
    return open(
        new ObjectJournal(journalStore), new Snapshots(journalStore), settings, environment);
  }

  /// Takes a seat on a journal of any kind.
  public static LeaderSeat open(
      Journal journal, Snapshots snapshots, LeaderSettings settings, Environment environment) {
    LeaderSeat seat = new LeaderSeat(journal, snapshots, settings, environment);
    seat.thread = environment.tasks().start("leader-seat-" + settings.name(), seat::run);
    return seat;
  }

  public boolean leads() {
    return queue.isOpen();
  }

  /// What this one counts while it leads.
  public LeaderFigures figures() {
    return figures.get();
  }

  /// How this one's sums compare with those of the leaders that it follows.
  public SumComparisons.Reading sums() {
    return sums.read();
  }

  /// The leader's name, as far as this process knows.
  public Optional<String> leader() {
    return status.leader();
  }

  /// Why the journal is not led, as far as this one knows; empty while this one leads, or has heard
  /// of another that does.
  public Optional<String> whyUnled() {
    return status.whyUnled();
  }

  /// Waits until the journal is led, by this one or by another.
  ///
  /// @throws ControlPlaneException.Unavailable if this one has come to an end before
  public void awaitLed() throws InterruptedException {
    status.awaitLed();
  }

  /// Waits until this one leads.
  ///
  /// @throws ControlPlaneException.Unavailable if it does not within `timeoutMs`, or never will
  public void awaitLeading(long timeoutMs) {
    try {
      if (!status.awaitLeading(timeoutMs)) {
        throw new ControlPlaneException.Unavailable(
            "does not lead after %d ms: %s".formatted(timeoutMs, queue.why()), null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlPlaneException.Unavailable("interrupted", e);
    }
  }

  @Override
  public <R> R ask(Command<R> command) {
    Pending<R> reply = new Pending<>();
    queue.put(new Work.Asked<>(command, reply, command.weight()));
    long deadlineMs =
        command
            .coordination()
            .map(GroupRequest::waitMs)
            .orElse(settings.timing().commandDeadlineMs());
    try {
      if (!reply.awaitMs(environment, deadlineMs)) {
        // The leader passes over it if it has not been taken yet; either way, the first word
        // counts.
        reply.fail(
            new ControlPlaneException.Unavailable(
                "no answer within %d ms".formatted(deadlineMs), null));
      }
      return reply.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ControlPlaneException.Unavailable interrupted =
          new ControlPlaneException.Unavailable("interrupted", e);
      reply.fail(interrupted);
      throw interrupted;
    }
  }

  @Override
  public CommitFeed feed() {
    return (agent, listener) -> {
      FeedSubscription subscription =
          new FeedSubscription(listener, queue, settings.limits().feedEventsMax(), environment);
      subscription.start("feed-" + agent.value());
      return subscription;
    };
  }

  /// Resigns, if it leads, and comes to an end.
  @Override
  public void close() {
    status.close();
    // After that: a queue that opens from now on is stopped by the thread that opens it.
    queue.stop();
    try {
      if (!status.awaitEnd(CLOSE_WAIT_MS)) {
        thread.interrupt();
        if (!status.awaitEnd(CLOSE_WAIT_MS)) {
          LOG.warn("The leader's thread does not end; a store call hangs");
        }
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    String why = "the control plane failed";
    try {
      while (!status.isClosing()) {
        standOnce();
      }
      why = "the control plane is closed";
    } catch (JournalException.Damaged e) {
      why = "the journal is damaged: " + e.getMessage();
      LOG.error("The journal is damaged; a person must look at it", e);
      throw e;
    } catch (JournalException.Newer e) {
      why = "the journal is of a newer release: " + e.getMessage();
      LOG.error("The journal is of a newer release of Weft; a person must start that one", e);
      throw e;
    } catch (JournalException.Diverged e) {
      why = "this process's state is not the leader's: " + e.getMessage();
      LOG.error("This process's state is not the leader's; a person must look at both", e);
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      why = "the control plane is closed";
    } finally {
      end(why);
    }
  }

  /// Recovers, follows and leads once. Whatever ends it, the next time begins from the store.
  private void standOnce() throws InterruptedException {
    try {
      Replica replica = recovery.recover();
      if (outage.ends()) {
        LOG.info("The journal can be read again");
      }
      follow(replica);
    } catch (JournalException.Unavailable e) {
      if (outage.isNews(e.getMessage())) {
        LOG.warn("The journal cannot be read; waiting until it can be: {}", e.getMessage());
      }
      refuse("the journal cannot be read: " + e.getMessage());
      status.unled("the journal cannot be read: " + e.getMessage());
      status.pause(RETRY_PAUSE_MS);
    } catch (JournalException.Unusable e) {
      throw e;
    } catch (DeadlyCommand e) {
      LOG.error(
          "The control plane's state met a bug in a command; it begins again from the journal",
          e.getCause());
      refuse(e.getMessage());
      status.pause(e.suspect().isPresent() ? RETRY_PAUSE_MS : BUG_PAUSE_MS);
    } catch (RuntimeException | Error e) {
      // An error, too, ends what was being done and nothing else: the seat has to stay.
      LOG.error("The control plane's state met a bug; it begins again from the journal", e);
      refuse("the control plane met a bug");
      status.unled("the control plane met a bug");
      status.pause(BUG_PAUSE_MS);
    }
  }

  private void follow(Replica replica) throws InterruptedException {
    status.unled("no leader has been heard from yet");
    while (!status.isClosing()) {
      String leader = replica.leader();
      status.follows(leader);
      refuse(
          leader.isEmpty()
              ? "the control plane has no leader yet"
              : "this is not the leader; that is " + leader);
      boolean moved;
      try {
        moved = replica.advance(reader);
      } catch (JournalException.Unusable e) {
        // What looks like damage here may be an entry below the truncation, put there long after
        // its time. If it is damage indeed, recovery meets it again, and stops.
        LOG.warn("An entry does not fit; beginning again from the snapshots", e);
        return;
      }
      if (moved) {
        // Written after recovery had come to the journal's end: by one that is at work.
        // Its name may not be known here: where a snapshot holds the entry that it began with.
        status.unled(replica.hasResigned() ? "the leader has resigned" : "");
        continue;
      }
      if (!replica.isLeaderless(settings.timing().leaderLeaseMs())) {
        status.pause(settings.timing().pollIntervalMs());
      } else if (!takeOver(replica)) {
        return;
      }
    }
  }

  /// Tries to write the next entry, and leads if that was it.
  ///
  /// @return true if another one was first, and is to be followed on
  private boolean takeOver(Replica replica) throws InterruptedException {
    status.unled("the control plane has no leader");
    JournalWriter writer =
        new JournalWriter(journal, environment, settings.journal(), replica.tip());
    return switch (writer.begin(
        environment.clock().wallMs(), EntryBody.leaderStarted(settings.name()))) {
      case JournalWriter.Outcome.Written _ -> {
        lead(replica, writer);
        yield false;
      }
      case JournalWriter.Outcome.Lost(String why) -> {
        LOG.info("Did not take over: {}", why);
        status.pause(settings.timing().pollIntervalMs());
        yield true;
      }
      case JournalWriter.Outcome.Overtaken _ -> false;
    };
  }

  private void lead(Replica replica, JournalWriter begun) {
    TermWriter writer =
        new TermWriter(
            begun, settings.timing().lease(settings.sole()), EntryBody.heartbeat(), environment);
    writer.start("lease-" + settings.name());
    try {
      lead(replica, writer);
    } finally {
      writer.end();
    }
  }

  private void lead(Replica replica, TermWriter writer) {
    WorkQueue open =
        new WorkQueue(
            environment,
            settings.limits().commandsQueuedMax(),
            LeaderSettings.queuedBytesMax(Runtime.getRuntime().maxMemory()),
            writer::leaseLeftMs);
    snapshots.begin(replica.sinceSnapshot(), writer.tip());
    LeaderTerm term = new LeaderTerm(replica, writer, snapshots, open, settings, environment);
    LOG.info("Leads from entry {} on, epoch {}", writer.tip().index(), writer.tip().epoch());
    queue = open;
    status.leads(settings.name());
    if (status.isClosing()) {
      open.stop();
    }
    figures = term::figures;
    try {
      LOG.info("Leads no longer: {}", term.lead());
    } finally {
      figures = () -> LeaderFigures.NONE;
      status.leadsNoLonger();
    }
  }

  private void refuse(String why) {
    queue.close(why);
  }

  private void end(String why) {
    refuse(why);
    status.end(why);
  }
}
