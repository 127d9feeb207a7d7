package io.weft.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockPoolTest {
  private static final int SLAB = BlockPool.BLOCK_BYTES_MAX;

  @Test
  void memoryIsTakenWhenItIsNeededAndUsedAgain() {
    BlockPool pool = new BlockPool(2L * SLAB);
    assertThat(pool.figures()).isEqualTo(new BlockPool.Figures(0, 0, 0));

    for (int i = 0; i < 100; i++) {
      BlockPool.Block block = pool.take(SLAB - 5).orElseThrow();
      assertThat(block.buffer().remaining()).isEqualTo(SLAB - 5);
      assertThat(pool.figures()).isEqualTo(new BlockPool.Figures(SLAB, SLAB, 1));
      block.release();
    }
    assertThat(pool.figures()).isEqualTo(new BlockPool.Figures(SLAB, 0, 0));
  }

  @Test
  void whereThereIsNoRoomThereIsNone() {
    BlockPool pool = new BlockPool(2L * SLAB - 1);
    assertThat(pool.take(SLAB + 1)).isEmpty();
    BlockPool.Block most = pool.take(SLAB - (32 << 10)).orElseThrow();

    assertThat(pool.take((32 << 10) + 1)).isEmpty();
    BlockPool.Block rest = pool.take(32 << 10).orElseThrow();
    assertThat(pool.take(1)).isEmpty();
    rest.release();
    most.release();
    pool.take(SLAB).orElseThrow().release();
    assertThat(new BlockPool(SLAB - 1).take(1)).isEmpty();
  }

  @Test
  void whatIsFreeIsOverwritten() {
    assumeThat(BlockPool.class.desiredAssertionStatus()).isTrue();
    BlockPool pool = new BlockPool(SLAB);
    BlockPool.Block block = pool.take(100_000).orElseThrow();
    ByteBuffer bytes = block.buffer();
    block.buffer().put(new byte[100_000]);
    block.release();

    for (int i = 0; i < 100_000; i++) {
      assertThat(bytes.get(i)).isEqualTo((byte) 0xDB);
    }
    assertThat(pool.figures().blocks()).isZero();
  }

  @Test
  void givingBackTwiceIsABug() {
    BlockPool pool = new BlockPool(SLAB);
    BlockPool.Block block = pool.take(10).orElseThrow();
    block.release();

    assertThatThrownBy(block::release).hasMessageContaining("released twice");
    assertThat(pool.figures().blocks()).isZero();
  }

  @Test
  void theLastHolderOfAShareGivesItsMemoryBackAndOnlyOnce() throws InterruptedException {
    BlockPool pool = new BlockPool(SLAB);
    ByteBudget budget = new ByteBudget(100);
    ByteBudget.Share share = budget.part(50).acquire(10);
    share.carry(pool.take(10).orElseThrow());
    share.retain();
    share.retain();

    share.release();
    share.release();
    assertThat(pool.figures().blocks()).isEqualTo(1);
    share.release();
    assertThat(pool.figures().blocks()).isZero();
    assertThat(budget.bytesHeld()).isZero();
    assertThatThrownBy(share::release).hasMessageContaining("released more often");
  }

  /// @param first the byte that is everywhere in it
  private record Held(BlockPool.Block block, byte first, int length) {
    boolean isWhole() {
      ByteBuffer bytes = block.buffer();
      for (int i = 0; i < length; i++) {
        if (bytes.get(i) != first) {
          return false;
        }
      }
      return bytes.remaining() == length;
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void eachHasItsOwnBytesForAsLongAsItIsHeld(long seed) {
    Random random = new Random(seed);
    BlockPool pool = new BlockPool(2L * SLAB);
    List<Held> held = new ArrayList<>();
    for (int step = 0; step < 600; step++) {
      if (held.isEmpty() || random.nextInt(5) < 3) {
        int length = 1 + random.nextInt(random.nextBoolean() ? 1 << 20 : 1 << 16);
        Optional<BlockPool.Block> block = pool.take(length);
        byte first = (byte) step;
        block.ifPresent(
            taken -> {
              byte[] bytes = new byte[length];
              Arrays.fill(bytes, first);
              taken.buffer().put(bytes);
              held.add(new Held(taken, first, length));
            });
      } else {
        Held one = held.remove(random.nextInt(held.size()));
        assertThat(one.isWhole()).as("seed %d, step %d", seed, step).isTrue();
        one.block().release();
      }
      long used = held.stream().mapToLong(one -> one.block().bytes()).sum();
      assertThat(pool.figures().bytesUsed()).isEqualTo(used).isLessThanOrEqualTo(2L * SLAB);
      assertThat(pool.figures().blocks()).isEqualTo(held.size());
    }
    held.forEach(one -> assertThat(one.isWhole()).isTrue());
  }
}
