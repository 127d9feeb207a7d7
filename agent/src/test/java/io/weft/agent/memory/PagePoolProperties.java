package io.weft.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is allocated, leased and released in whatever order: no byte of one shows up in
/// another, and what is used is what is held, within the bound.
class PagePoolProperties {
  /// @param bytes what has to be there
  private record Held(Pages pages, byte[] bytes) {}

  private record Leased(Held of, int from, int to, Lease lease) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void eachHasItsOwnBytesForAsLongAsItIsHeld(long seed) {
    Random random = new Random(seed);
    int pageBytes = 1 + random.nextInt(200);
    long bytesMax = random.nextInt(20_000);
    PagePool pool = new PagePool(bytesMax, pageBytes);
    List<Held> held = new ArrayList<>();
    List<Leased> leased = new ArrayList<>();
    for (int step = 0; step < 3_000; step++) {
      String where = "seed %d, step %d".formatted(seed, step);
      switch (random.nextInt(6)) {
        case 0, 1 -> allocate(pool, random, held, used(held, leased, pageBytes), where);
        case 2 -> {
          if (!held.isEmpty()) {
            held.remove(random.nextInt(held.size())).pages().release();
          }
        }
        case 3, 4 -> {
          if (!held.isEmpty()) {
            Held one = held.get(random.nextInt(held.size()));
            int from = random.nextInt(one.bytes().length + 1);
            int to = from + random.nextInt(one.bytes().length - from + 1);
            leased.add(new Leased(one, from, to, one.pages().lease(from, to)));
          }
        }
        default -> {
          if (!leased.isEmpty()) {
            leased.remove(random.nextInt(leased.size())).lease().release();
          }
        }
      }
      long used = used(held, leased, pageBytes);
      assertThat(pool.figures().bytesUsed())
          .as(where)
          .isEqualTo(used)
          .isLessThanOrEqualTo(bytesMax);
      assertThat(pool.figures().bytesAllocated()).as(where).isLessThanOrEqualTo(bytesMax);
      assertThat(pool.figures().leases()).as(where).isEqualTo(leased.size());
      if (step % 20 == 0) {
        held.forEach(one -> check(one, 0, one.bytes().length, where));
        leased.forEach(one -> check(one.of(), one.from(), one.to(), where));
      }
    }
    held.forEach(one -> one.pages().release());
    leased.forEach(one -> one.lease().release());
    assertThat(pool.figures().bytesUsed()).as("seed %d", seed).isZero();
  }

  private static void allocate(
      PagePool pool, Random random, List<Held> held, long used, String where) {
    byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 5_000 : 500)];
    random.nextBytes(bytes);
    Optional<Pages> pages = pool.allocate(bytes.length);
    assertThat(pages.isPresent())
        .as(where)
        .isEqualTo(used + pool.roundedUp(bytes.length) <= pool.figures().bytesMax());
    pages.ifPresent(
        mine -> {
          int cut = random.nextInt(bytes.length + 1);
          mine.fill(
              List.of(
                  ByteBuffer.wrap(bytes, 0, cut), ByteBuffer.wrap(bytes, cut, bytes.length - cut)));
          held.add(new Held(mine, bytes));
        });
  }

  /// By page of each allocation, however many hold it.
  private static long used(List<Held> held, List<Leased> leased, int pageBytes) {
    long used = held.stream().mapToLong(one -> one.pages().sizeInBytes()).sum();
    List<Held> gone =
        leased.stream().map(Leased::of).filter(one -> !held.contains(one)).distinct().toList();
    for (Held one : gone) {
      TreeSet<Integer> pages = new TreeSet<>();
      for (Leased lease : leased) {
        if (lease.of().equals(one)) {
          for (int at = lease.from(); at < lease.to(); at++) {
            pages.add(at / pageBytes);
          }
        }
      }
      used += (long) pages.size() * pageBytes;
    }
    return used;
  }

  private static void check(Held one, int from, int to, String where) {
    ByteBuffer all = ByteBuffer.allocate(one.bytes().length);
    one.pages().buffers().forEach(all::put);
    assertThat(all.slice(from, to - from))
        .as(where)
        .isEqualTo(ByteBuffer.wrap(one.bytes(), from, to - from));
  }
}
