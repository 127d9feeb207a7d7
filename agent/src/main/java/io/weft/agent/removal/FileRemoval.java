package io.weft.agent.removal;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.file.DeadFiles;
import io.weft.environment.Environment;
import io.weft.environment.Outage;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.model.FileTier;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes the files that no log needs any more, on a thread of its own. Thread-safe.
///
/// What the store has confirmed is reported, and nothing else. After a failure the next call has
/// half as many files, so that one that cannot be deleted holds up no other, and comes after a
/// pause that grows; a file that fails alone is left until it is handed out again. A file in a
/// store of which this agent was not told is left out: it is neither deleted nor reported, and
/// holds up no other.
public final class FileRemoval {
  private static final Logger LOG = LoggerFactory.getLogger(FileRemoval.class);

  /// How long closing waits for a call that is under way.
  private static final long CLOSE_MS_MAX = 5_000;

  /// From one line about files of a store that is not known here to the next.
  private static final long UNKNOWN_SAID_EVERY_MS = 3_600_000;

  private final Environment environment;
  private final DeadFiles deadFiles;
  private final ClusterBucket bucket;
  private final Supplier<Optional<AgentId>> registered;
  private final RemovalSettings settings;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private boolean closed;
  private final Pending<Boolean> ended = new Pending<>();

  /// Failures one after the other, and files in the next call; the thread's own.
  private int failures;

  private int filesPerCall;
  private long idleMs;
  private final Outage outage = new Outage();

  /// When files of a store that is not known here were last spoken of.
  private OptionalLong unknownSaidMs = OptionalLong.empty();

  private FileRemoval(
      Environment environment,
      DeadFiles deadFiles,
      ClusterBucket bucket,
      Supplier<Optional<AgentId>> registered,
      RemovalSettings settings) {
    this.environment = environment;
    this.deadFiles = deadFiles;
    this.bucket = bucket;
    this.registered = registered;
    this.settings = settings;
    this.filesPerCall = settings.filesPerCallMax();
    this.idleMs = settings.idleMsMin();
  }

  /// @param deadFiles of the bucket's own cluster
  /// @param registered the id of this agent, while it is registered
  public static FileRemoval start(
      Environment environment,
      DeadFiles deadFiles,
      ClusterBucket bucket,
      Supplier<Optional<AgentId>> registered,
      RemovalSettings settings) {
    FileRemoval removal = new FileRemoval(environment, deadFiles, bucket, registered, settings);
    environment.tasks().start("file-removal", removal::run);
    return removal;
  }

  /// Takes no further files; a call that is under way is given a while.
  public void close() throws InterruptedException {
    lock.lock();
    try {
      closed = true;
      closing.signalAll();
    } finally {
      lock.unlock();
    }
    if (!ended.awaitMs(environment, CLOSE_MS_MAX)) {
      LOG.warn("a call that deletes files is still under way");
    }
  }

  private void run() {
    try {
      while (pause(takeSome())) {}
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.complete(true);
    }
  }

  /// @return how long to wait before more are taken
  private long takeSome() throws InterruptedException {
    Optional<AgentId> agent = registered.get();
    if (agent.isEmpty()) {
      return settings.idleMsMin();
    }
    try {
      int max = DeadFiles.FILES_PER_TAKE_MAX;
      List<Long> taken = deadFiles.take(agent.get(), max, environment.clock().wallMs());
      boolean hadWork = deleteByTier(agent.get(), taken);
      idleMs = hadWork ? settings.idleMsMin() : Math.min(2 * idleMs, settings.idleMsMax());
      return taken.size() < max ? idleMs : 0;
    } catch (ControlPlaneException failure) {
      note(failure);
      return backoffMs();
    }
  }

  /// @return whether some of them lie where this agent can delete
  /// @throws ControlPlaneException if the rest was not reported: it is handed out again
  private boolean deleteByTier(AgentId agent, List<Long> fileIds) throws InterruptedException {
    boolean hadWork = false;
    for (FileTier tier : FileTier.values()) {
      List<Long> some = fileIds.stream().filter(id -> FileTier.of(id) == tier).toList();
      Optional<ObjectStore> store = bucket.find(tier);
      if (store.isPresent()) {
        hadWork |= !some.isEmpty();
        delete(agent, store.get(), some);
      } else if (!some.isEmpty()) {
        noteUnknown(some.getFirst());
      }
    }
    return hadWork;
  }

  private void delete(AgentId agent, ObjectStore store, List<Long> fileIds)
      throws InterruptedException {
    int from = 0;
    while (from < fileIds.size()) {
      List<Long> some = fileIds.subList(from, Math.min(fileIds.size(), from + filesPerCall));
      if (delete(store, some)) {
        deadFiles.deleted(agent, List.copyOf(some));
        if (outage.ends()) {
          LOG.info("files are deleted again");
        }
        failures = 0;
        filesPerCall = Math.min(2 * filesPerCall, settings.filesPerCallMax());
        from += some.size();
      } else {
        from += some.size() == 1 ? 1 : 0;
        filesPerCall = Math.max(1, some.size() / 2);
        if (!pause(backoffMs())) {
          return;
        }
      }
    }
  }

  /// @return whether the store has confirmed that none of them is there
  private boolean delete(ObjectStore store, List<Long> fileIds) {
    List<ObjectKey> keys = fileIds.stream().map(fileId -> FilePlace.of(fileId).key()).toList();
    try {
      store.delete(keys);
      return true;
    } catch (ObjectStoreException failure) {
      note(failure);
      return false;
    }
  }

  private void noteUnknown(long fileId) {
    long nowMs = environment.clock().monotonicMs();
    if (unknownSaidMs.isEmpty() || nowMs - unknownSaidMs.getAsLong() >= UNKNOWN_SAID_EVERY_MS) {
      unknownSaidMs = OptionalLong.of(nowMs);
      LOG.warn(
          "dead files of the low-latency store, file {} among them, are left to agents that have"
              + " the setting tiered.storage: this one knows nothing of that store",
          fileId);
    }
  }

  private void note(RuntimeException failure) {
    if (outage.isNews(failure.getMessage())) {
      LOG.warn("dead files are not deleted, trying again: {}", failure.getMessage());
    }
  }

  private long backoffMs() {
    long backoffMsMin = settings.backoffMsMin();
    long limitMs = Math.min(settings.backoffMsMax(), backoffMsMin << Math.min(failures, 20));
    failures++;
    return 1L + environment.randomness().nextInt((int) limitMs);
  }

  /// @return false if it is closed
  private boolean pause(long durationMs) throws InterruptedException {
    long untilMs = environment.clock().monotonicMs() + durationMs;
    lock.lock();
    try {
      long leftMs = durationMs;
      while (!closed && leftMs > 0) {
        environment.tasks().awaitMs(lock, closing, leftMs);
        leftMs = untilMs - environment.clock().monotonicMs();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }
}
