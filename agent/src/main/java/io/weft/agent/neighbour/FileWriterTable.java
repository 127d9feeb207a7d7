package io.weft.agent.neighbour;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.file.FileWriters;
import io.weft.controlplane.api.file.FileWriters.WriterLease;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.model.FileTier;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which agent has written which file lately, as far as this agent has had to ask. Thread-safe;
/// asks on a thread of its own.
///
/// Ids are leased in rows of some hundred and rise within a tier, so the control plane is asked
/// once for each row and not for each file. All rows of a tier below the highest one of it that is
/// known had been leased when it told that one: it is asked for those behind what is known of the
/// tier, and what lies below is not asked again.
final class FileWriterTable {
  private static final Logger LOG = LoggerFactory.getLogger(FileWriterTable.class);

  /// Leases of a tier that are remembered, at most.
  private static final int LEASES_MAX = 10_000;

  /// How long a reader waits to learn it.
  private static final long WAIT_MS_MAX = 200;

  /// How long the control plane is left alone after it has not answered.
  private static final long PAUSE_MS = 1_000;

  private final FileWriters writers;
  private final Environment environment;
  private final ReentrantLock lock = new ReentrantLock();
  private final Rows lowLatency = new Rows(FileTier.firstOfLowLatency());
  private final Rows highLatency = new Rows(0);
  private boolean pausing;
  private long pausedUntilMs;
  private Optional<Pending<Boolean>> asking = Optional.empty();

  FileWriterTable(FileWriters writers, Environment environment) {
    this.writers = writers;
    this.environment = environment;
  }

  /// What is known of one tier. Guarded by the lock.
  private static final class Rows {
    private final TreeMap<Long, WriterLease> leases = new TreeMap<>();
    private long knownBelow;

    Rows(long first) {
      this.knownBelow = first;
    }

    void add(WriterLease lease) {
      leases.put(lease.first(), lease);
      knownBelow = Math.max(knownBelow, lease.first() + lease.count());
      if (leases.size() > LEASES_MAX) {
        leases.pollFirstEntry();
      }
    }
  }

  private Rows rowsOf(long fileId) {
    return switch (FileTier.of(fileId)) {
      case LOW_LATENCY -> lowLatency;
      case HIGH_LATENCY -> highLatency;
    };
  }

  /// The agent that writes, or has lately written, this file; empty if it is not known in time.
  Optional<AgentId> writerOf(long fileId) throws InterruptedException {
    Optional<Pending<Boolean>> answer = asked(fileId);
    if (answer.isPresent()) {
      answer.get().awaitMs(environment, WAIT_MS_MAX);
    }
    lock.lock();
    try {
      return Optional.ofNullable(rowsOf(fileId).leases.floorEntry(fileId))
          .map(entry -> entry.getValue())
          .filter(lease -> fileId - lease.first() < lease.count())
          .map(WriterLease::agent);
    } finally {
      lock.unlock();
    }
  }

  /// The answer that tells it; empty if it is known, or cannot be asked for now.
  private Optional<Pending<Boolean>> asked(long fileId) {
    Pending<Boolean> answer;
    long from;
    lock.lock();
    try {
      long knownBelow = rowsOf(fileId).knownBelow;
      if (fileId < knownBelow) {
        return Optional.empty();
      }
      if (asking.isPresent()) {
        return asking;
      }
      if (pausing && environment.clock().monotonicMs() < pausedUntilMs) {
        return Optional.empty();
      }
      answer = new Pending<>();
      asking = Optional.of(answer);
      from = knownBelow;
    } finally {
      lock.unlock();
    }
    environment.tasks().start("file-writers", () -> ask(from, fileId, answer));
    return Optional.of(answer);
  }

  private void ask(long from, long fileId, Pending<Boolean> answer) {
    Optional<List<WriterLease>> told = Optional.empty();
    try {
      told = Optional.of(writers.writersFrom(from));
    } catch (ControlPlaneException failure) {
      LOG.debug("the writers of files are not known: {}", failure.getMessage());
    } finally {
      take(fileId, told);
      answer.complete(true);
    }
  }

  private void take(long fileId, Optional<List<WriterLease>> told) {
    lock.lock();
    try {
      asking = Optional.empty();
      pausing = told.isEmpty();
      pausedUntilMs = environment.clock().monotonicMs() + PAUSE_MS;
      if (told.isEmpty()) {
        return;
      }
      if (told.get().size() < FileWriters.LEASES_MAX) {
        Rows rows = rowsOf(fileId);
        rows.knownBelow = Math.max(rows.knownBelow, fileId + 1);
      }
      for (WriterLease lease : told.get()) {
        rowsOf(lease.first()).add(lease);
      }
    } finally {
      lock.unlock();
    }
  }
}
