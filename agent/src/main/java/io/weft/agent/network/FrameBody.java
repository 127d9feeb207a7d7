package io.weft.agent.network;

import io.weft.agent.memory.BlockPool;
import io.weft.agent.memory.BlockPool.Block;
import io.weft.agent.memory.ByteBudget;
import io.weft.agent.memory.Lease;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The bytes of one long frame while they arrive: in memory that is used again, if they are mostly
/// records and there is some, else on the heap. Owned by the reader thread.
final class FrameBody {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final BlockPool pool;
  private ByteBuffer bytes = NOTHING;
  private Lease memory = Lease.NONE;

  FrameBody(BlockPool pool) {
    this.pool = pool;
  }

  /// What has arrived, up to its position.
  ByteBuffer bytes() {
    return bytes;
  }

  int capacity() {
    return bytes.capacity();
  }

  /// Gets room for so many bytes, and moves there what has arrived.
  ///
  /// @param areRecords whether they are: of everything else a handler keeps parts
  void grow(int capacity, boolean areRecords) {
    Optional<Block> block = areRecords ? pool.take(capacity) : Optional.empty();
    ByteBuffer larger = block.map(Block::buffer).orElseGet(() -> ByteBuffer.allocate(capacity));
    larger.put(bytes.flip());
    release();
    bytes = larger;
    block.ifPresent(taken -> memory = taken);
  }

  /// The whole frame. From here on its memory is the share's to give back.
  FrameReader.Read.Frame whole(ByteBudget.Share share) {
    share.carry(memory);
    memory = Lease.NONE;
    return new FrameReader.Read.Frame(bytes.flip(), share);
  }

  /// Gives its memory back, unless a share has it.
  void release() {
    Lease held = memory;
    memory = Lease.NONE;
    held.release();
  }
}
