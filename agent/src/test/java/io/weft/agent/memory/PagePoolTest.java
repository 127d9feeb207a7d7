package io.weft.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PagePoolTest {
  private final PagePool pool = new PagePool(1_000, 100);

  private static Pages filled(PagePool pool, int length, int value) {
    Pages pages = pool.allocate(length).orElseThrow();
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    pages.fill(List.of(ByteBuffer.wrap(bytes)));
    return pages;
  }

  @Test
  void asMuchAsIsFreeIsAllocatedWhereverItLies() {
    List<Pages> small = IntStream.range(0, 10).mapToObj(i -> filled(pool, 100, i)).toList();
    assertThat(pool.allocate(1)).isEmpty();
    for (int i = 0; i < 10; i += 2) {
      small.get(i).release();
    }

    Pages scattered = filled(pool, 450, 77);

    assertThat(pool.allocate(1)).isEmpty();
    assertThat(scattered.buffers()).hasSize(5);
    assertThat(scattered.sizeInBytes()).isEqualTo(500);
    assertThat(scattered.buffers())
        .allSatisfy(part -> assertThat(part.get(0)).isEqualTo((byte) 77));
    assertThat(small.get(3).buffers().getFirst().get(99)).isEqualTo((byte) 3);
  }

  @Test
  void whatAReaderHoldsIsNotFree() {
    Pages pages = filled(pool, 1_000, 1);
    Lease lease = pages.lease(150, 250);
    pages.release();

    assertThat(lease.bytes()).isEqualTo(200);
    assertThat(pool.figures().bytesUsed()).isEqualTo(200);
    assertThat(pool.allocate(801)).isEmpty();
    Pages others = filled(pool, 800, 2);
    assertThat(pages.buffers().get(1).get(50)).isEqualTo((byte) 1);
    lease.release();
    others.release();
    assertThat(pool.figures().bytesUsed()).isZero();
  }

  @Test
  void aUseAfterTheLastReleaseFailsLoudly() {
    Pages pages = filled(pool, 100, 1);
    Lease lease = pages.lease(0, 100);
    ByteBuffer seen = pages.buffers().getFirst();
    pages.release();
    lease.release();

    assertThatThrownBy(lease::release).hasMessageContaining("twice");
    assertThatThrownBy(pages::release).hasMessageContaining("twice");
    assertThatThrownBy(() -> pages.lease(0, 1)).hasMessageContaining("after it was freed");
    assumeThat(PagePool.class.desiredAssertionStatus()).isTrue();
    assertThat(seen.get(0)).as("poison").isEqualTo((byte) 0xDB);
  }

  @Test
  void nothingIsTakenFromTheSystemBeforeItIsNeededAndNoMoreThanTheBound() {
    PagePool large = new PagePool(10_050, 100);
    assertThat(large.figures()).isEqualTo(new PagePool.Figures(10_000, 0, 0, 0));

    Optional<Pages> all = large.allocate(10_000);

    assertThat(all).isPresent();
    assertThat(large.figures()).isEqualTo(new PagePool.Figures(10_000, 10_000, 10_000, 0));
    all.get().release();
    assertThat(large.figures()).isEqualTo(new PagePool.Figures(10_000, 10_000, 0, 0));
    assertThat(new PagePool(0, 100).allocate(1)).isEmpty();
    assertThat(new PagePool(0, 100).allocate(0)).isPresent();
  }
}
