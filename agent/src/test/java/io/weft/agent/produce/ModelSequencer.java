package io.weft.agent.produce;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A control plane for one test: places everything, once per file id, in the order it is asked, and
/// checks what it is asked. Thread-safe.
public final class ModelSequencer implements Sequencer {
  /// One call as it came.
  record Call(AgentId agent, long settledBelow, List<Long> fileIds) {}

  /// What goes wrong with a call.
  enum Fault {
    NO_ANSWER_NOT_DONE,
    NO_ANSWER_DONE,
    REJECTED
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<PartitionId, Long> highWatermarks = new HashMap<>();
  private final TreeMap<Long, FileOutcome> outcomes = new TreeMap<>();
  private final List<Call> calls = new ArrayList<>();
  private final List<UploadedFile> files = new ArrayList<>();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final Set<Long> expired = new HashSet<>();
  private Verdict verdict = Verdict.PLACED;
  private long logAppendTimeMs = -1;
  private boolean held;

  void failNext(Fault... faultsInOrder) {
    locked(() -> faults.addAll(List.of(faultsInOrder)));
  }

  void expire(long fileId) {
    locked(() -> expired.add(fileId));
  }

  /// From now on every batch gets this verdict.
  public void judge(Verdict every) {
    locked(() -> verdict = every);
  }

  /// From now on every batch gets this time.
  public void stamp(long everyMs) {
    locked(() -> logAppendTimeMs = everyMs);
  }

  /// Calls begun from now on wait for [#letGo()].
  void hold() {
    locked(() -> held = true);
  }

  void letGo() {
    locked(() -> held = false);
  }

  List<Call> awaitCalls(int count) throws InterruptedException {
    lock.lock();
    try {
      while (calls.size() < count) {
        changed.await();
      }
      return List.copyOf(calls);
    } finally {
      lock.unlock();
    }
  }

  /// Every file that was committed, in that order.
  List<UploadedFile> files() {
    lock.lock();
    try {
      return List.copyOf(files);
    } finally {
      lock.unlock();
    }
  }

  List<Call> calls() {
    lock.lock();
    try {
      return List.copyOf(calls);
    } finally {
      lock.unlock();
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<FileOutcome> commit(AgentId agent, long settledBelow, List<UploadedFile> files) {
    lock.lock();
    try {
      calls.add(new Call(agent, settledBelow, files.stream().map(UploadedFile::fileId).toList()));
      changed.signalAll();
      while (held) {
        changed.await();
      }
      Fault fault = faults.poll();
      if (fault == Fault.REJECTED) {
        throw new ControlPlaneException.Rejected("told to reject");
      }
      if (fault == Fault.NO_ANSWER_NOT_DONE) {
        throw new ControlPlaneException.Unavailable("told not to answer", null);
      }
      List<FileOutcome> answers = files.stream().map(this::commit).toList();
      if (fault == Fault.NO_ANSWER_DONE) {
        throw new ControlPlaneException.Unavailable("told not to answer", null);
      }
      outcomes.headMap(settledBelow).clear();
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlPlaneException.Unavailable("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  private FileOutcome commit(UploadedFile file) {
    if (expired.contains(file.fileId())) {
      return new FileOutcome.Expired();
    }
    FileOutcome before = outcomes.get(file.fileId());
    if (before != null) {
      return before;
    }
    if (!outcomes.isEmpty() && outcomes.lastKey() > file.fileId()) {
      throw new IllegalStateException("file " + file.fileId() + " committed out of order");
    }
    FileOutcome outcome =
        new FileOutcome.Committed(file.partitions().stream().map(this::place).toList());
    outcomes.put(file.fileId(), outcome);
    files.add(file);
    return outcome;
  }

  private BatchOutcomes place(UploadedBatches batches) {
    byte[] verdicts = new byte[batches.count()];
    long[] offsets = new long[batches.count()];
    long[] timesMs = new long[batches.count()];
    for (int row = 0; row < batches.count(); row++) {
      verdicts[row] = (byte) List.of(Verdict.values()).indexOf(verdict);
      timesMs[row] = logAppendTimeMs;
      offsets[row] = -1;
      if (verdict == Verdict.PLACED) {
        offsets[row] = highWatermarks.getOrDefault(batches.partition(), 0L);
        highWatermarks.merge(batches.partition(), (long) batches.records()[row], Long::sum);
      }
    }
    return new BatchOutcomes(verdicts, offsets, timesMs, 0);
  }
}
