package io.weft.agent.api.transactions;

import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.Producers.ProducerIds;
import io.weft.model.AgentId;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Producer ids, leased by the block. Thread-safe.
final class ProducerIdBlocks {
  /// As many as a Kafka broker takes at once.
  static final int BLOCK_SIZE = 1_000;

  private final Producers producers;
  private final Supplier<AgentId> self;
  private final ReentrantLock lock = new ReentrantLock();
  private long next;
  private long end;

  ProducerIdBlocks(Producers producers, Supplier<AgentId> self) {
    this.producers = producers;
    this.self = self;
  }

  /// An id that nobody else ever got.
  ///
  /// @throws io.weft.controlplane.api.ControlPlaneException if a new block is needed and the
  ///   control plane gives none
  long take() {
    lock.lock();
    try {
      if (next == end) {
        ProducerIds block = producers.leaseIds(self.get(), BLOCK_SIZE);
        next = block.first();
        end = block.first() + block.count();
      }
      return next++;
    } finally {
      lock.unlock();
    }
  }
}
