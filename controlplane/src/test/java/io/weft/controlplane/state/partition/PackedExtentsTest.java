package io.weft.controlplane.state.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.codec.ReaderTooOldException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.Extent;
import io.weft.model.Extent.Offsets;
import io.weft.model.Marker;
import io.weft.model.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PackedExtentsTest {
  private static final int EXTENTS = 10_000;

  private static Extent extent(long baseOffset, long lastOffset) {
    return new Extent(1, 0, 1, baseOffset, lastOffset, 0, -1);
  }

  private static PackedExtents packed(int count) {
    PackedExtents extents = new PackedExtents();
    for (int i = 0; i < count; i++) {
      extents.append(extent(i, i));
    }
    return extents;
  }

  @Test
  void theLargestNumbersFit() {
    Extent extent =
        new Extent(
            PackedSpan.FILE_ID_MAX,
            PackedSpan.POSITION_MAX,
            Integer.MAX_VALUE,
            1L << 40,
            Long.MAX_VALUE - 1,
            Long.MAX_VALUE,
            Long.MAX_VALUE);
    PackedExtents extents = new PackedExtents();
    extents.append(extent);

    assertThat(extents.get(0)).isEqualTo(extent);
    assertThat(extents.bytes()).isEqualTo(Integer.MAX_VALUE);
    for (Offsets offsets : Offsets.values()) {
      Extent other =
          new Extent(
              PackedSpan.FILE_ID_MAX,
              PackedSpan.POSITION_MAX,
              Integer.MAX_VALUE,
              1L << 40,
              Long.MAX_VALUE - 1,
              Long.MAX_VALUE,
              Long.MAX_VALUE,
              offsets);
      extents.replace(0, 1, List.of(other), List.of());
      assertThat(extents.get(0)).isEqualTo(other);
      assertThat(all(reread(extents))).containsExactly(other);
      assertThat(extents.ceiling(Long.MAX_VALUE - 1)).isZero();
    }
  }

  @Test
  void oneLevelHasNoBytesForOwnOffsetsAndTheNextHas() {
    PackedExtents extents = packed(3);
    byte[] before = bytes(extents, 2);
    assertThat(before).isEqualTo(bytes(extents, 1));
    extents.replace(1, 2, List.of(new Extent(1, 0, 1, 1, 2, 0, -1, Offsets.OWN)), List.of());

    assertThatThrownBy(() -> bytes(extents, 1)).isInstanceOf(ReaderTooOldException.class);
    byte[] bytes = bytes(extents, 2);
    assertThat(all(SpanRows.read(new WireReader(bytes).atLevel(2)))).isEqualTo(all(extents));
    assertThatThrownBy(() -> SpanRows.read(new WireReader(bytes)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatDoesNotFitInTheirPlaceIsABug() {
    for (List<Extent> wrong :
        List.of(
            List.<Extent>of(),
            List.of(extent(3, 3)),
            List.of(extent(2, 3), extent(5, 5)),
            List.of(extent(2, 4)),
            List.of(extent(1, 3)))) {
      assertThatThrownBy(() -> packed(6).replace(2, 2, wrong, List.of()))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(() -> packed(3).replace(2, 2, List.of(extent(2, 3)), List.of()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> packed(3).replace(1, 0, List.of(extent(1, 1)), List.of()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void manyThatBecomeOneGiveTheirRoomBack() {
    PackedExtents extents = packed(EXTENTS);
    extents.replace(10, EXTENTS - 20, List.of(extent(10, EXTENTS - 11)), List.of());

    assertThat(extents.count()).isEqualTo(21);
    assertThat(extents.longsHeld()).isLessThan(150);
  }

  @Test
  void theLargestNumbersOfAMarkerFit() {
    Marker marker =
        new Marker(
            Long.MAX_VALUE - 1,
            Long.MAX_VALUE,
            Short.MAX_VALUE,
            true,
            Long.MAX_VALUE - 2,
            Long.MAX_VALUE);
    Marker small = new Marker(Long.MAX_VALUE - 2, 0, (short) 0, false, 0, 0);
    PackedExtents extents = new PackedExtents();
    extents.append(small);
    extents.append(marker);

    assertThat(all(extents)).containsExactly(small, marker);
    assertThat(all(reread(extents))).containsExactly(small, marker);
    assertThat(extents.bytes()).isZero();
  }

  @Test
  void aPositionBeyondItsBitsIsABug() {
    Extent extent = new Extent(1, PackedSpan.POSITION_MAX + 1, 1, 0, 0, 0, -1);

    assertThatThrownBy(() -> new PackedExtents().append(extent))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aGapIsABug() {
    assertThatThrownBy(() -> packed(3).append(extent(4, 4)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anExtentTakes48BytesOrHardlyMore() {
    PackedExtents extents = new PackedExtents();
    for (int i = 0; i < EXTENTS; i++) {
      extents.append(extent(i, i));
      if (i >= 20) {
        assertThat(extents.longsHeld() * 8L / extents.count()).isLessThanOrEqualTo(49);
      }
    }
  }

  @Test
  void removedExtentsGiveTheirRoomBack() {
    PackedExtents extents = packed(EXTENTS);
    extents.removeFirst(EXTENTS - 10);

    assertThat(extents.longsHeld()).isLessThan(100);
  }

  @Test
  void afterAllAreRemovedItGoesOn() {
    PackedExtents extents = packed(3);
    extents.removeFirst(3);
    extents.append(extent(3, 5));

    assertThat(extents.get(0)).isEqualTo(extent(3, 5));
    assertThat(extents.count()).isEqualTo(1);
  }

  @Test
  void itIsAListThatIsSearched() {
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      PackedExtents extents = new PackedExtents();
      List<Span> model = new ArrayList<>();
      List<OptionalLong> sums = new ArrayList<>();
      long offset = seed % 2 == 0 ? 0 : 1L << 40;
      for (int step = 0; step < 1_000; step++) {
        if (random.nextInt(100) == 0) {
          int count = random.nextInt(model.size() + 1);
          extents.removeFirst(count);
          model.subList(0, count).clear();
          sums.subList(0, count).clear();
        } else if (random.nextInt(12) == 0 && !model.isEmpty()) {
          int index = random.nextInt(model.size());
          int count = 1 + random.nextInt(Math.min(40, model.size() - index));
          List<Extent> others = others(random, model.subList(index, index + count));
          List<Long> given =
              random.nextBoolean()
                  ? List.of()
                  : others.stream().map(_ -> random.nextLong()).toList();
          extents.replace(index, count, others, given);
          model.subList(index, index + count).clear();
          model.addAll(index, others);
          sums.subList(index, index + count).clear();
          for (int i = 0; i < others.size(); i++) {
            sums.add(
                index + i, given.isEmpty() ? OptionalLong.empty() : OptionalLong.of(given.get(i)));
          }
        } else {
          Span next =
              random.nextInt(4) == 0 ? marker(random, offset) : extent(random, step, offset);
          OptionalLong sum =
              next instanceof Extent && random.nextBoolean()
                  ? OptionalLong.of(random.nextLong())
                  : OptionalLong.empty();
          if (sum.isPresent()) {
            extents.append((Extent) next, sum.getAsLong());
          } else {
            extents.append(next);
          }
          model.add(next);
          sums.add(sum);
          offset = next.lastOffset() + 1;
        }
        checkSums(extents, model, sums, "seed %d, step %d".formatted(seed, step));
        check(extents, model, random, "seed %d, step %d".formatted(seed, step));
      }
      assertThat(all(extents)).as("seed %d", seed).isEqualTo(model);
      assertThat(all(reread(extents))).as("seed %d", seed).isEqualTo(model);
      checkSums(reread(extents), model, sums, "seed %d, read again".formatted(seed));
    }
  }

  private static void checkSums(
      PackedExtents extents, List<Span> model, List<OptionalLong> sums, String where) {
    assertThat(extents.sum())
        .as(where)
        .isEqualTo(sums.stream().mapToLong(each -> each.orElse(0)).sum());
    long count = model.stream().filter(Extent.class::isInstance).count();
    assertThat(extents.extents()).as(where).isEqualTo((int) count);
    assertThat(extents.unsummed())
        .as(where)
        .isEqualTo((int) (count - sums.stream().filter(OptionalLong::isPresent).count()));
    for (int i = 0; i < sums.size(); i++) {
      assertThat(extents.hasSum(i)).as(where).isEqualTo(sums.get(i).isPresent());
      assertThat(extents.sumOf(i, 1)).as(where).isEqualTo(sums.get(i).orElse(0));
    }
  }

  /// A sum takes the place of an append time that is told by the largest timestamp.
  @Test
  void aSumTakesNoRoom() {
    PackedExtents without = new PackedExtents();
    PackedExtents with = new PackedExtents();
    for (int i = 0; i < EXTENTS; i++) {
      Extent extent = new Extent(i, 16, 100, i, i, i, i % 2 == 0 ? -1 : i);
      without.append(extent);
      with.append(extent, 1L << 63 | i);
      assertThat(with.get(i)).isEqualTo(extent);
    }
    assertThat(with.longsHeld()).isEqualTo(without.longsHeld());
    double bytesEach = (double) with.longsHeld() * Long.BYTES / EXTENTS;
    System.out.printf("an extent with a sum takes %.1f bytes of memory%n", bytesEach);
    assertThat(bytesEach).isLessThanOrEqualTo(48.5);
    assertThat(all(reread(with))).isEqualTo(all(without));

    Extent other = new Extent(1, 16, 100, EXTENTS, EXTENTS, 10, 9);
    assertThat(PackedSpan.hasRoomForSum(other)).isFalse();
    assertThatThrownBy(() -> with.append(other, 5)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void oneLevelHasNoBytesForSums() {
    PackedExtents extents = new PackedExtents();
    extents.append(extent(0, 0), 77);

    assertThatThrownBy(() -> bytes(extents, 1)).isInstanceOf(ReaderTooOldException.class);
    assertThat(reread(extents).sumOf(0, 1)).isEqualTo(77);
  }

  private static Extent extent(Random random, int position, long offset) {
    long last = offset + random.nextInt(5);
    long time = random.nextInt(4) == 0 ? -1 : random.nextInt(1_000);
    return new Extent(
        random.nextInt(1_000), position, 1 + random.nextInt(9), offset, last, time, -1);
  }

  /// Extents with the offsets of these.
  private static List<Extent> others(Random random, List<Span> run) {
    List<Extent> others = new ArrayList<>();
    long next = run.getFirst().baseOffset();
    long end = run.getLast().lastOffset();
    while (next <= end) {
      long last = next + random.nextLong(Math.min(200, end - next + 1));
      long time = random.nextInt(1_000);
      Offsets offsets = random.nextBoolean() ? Offsets.OWN : Offsets.DENSE;
      others.add(
          new Extent(
              random.nextInt(1_000), 9, 1 + random.nextInt(9), next, last, time, -1, offsets));
      next = last + 1;
    }
    return others;
  }

  private static Marker marker(Random random, long offset) {
    return new Marker(
        offset,
        random.nextInt(10),
        (short) random.nextInt(Short.MAX_VALUE + 1),
        random.nextBoolean(),
        offset - Math.min(offset, random.nextInt(100)),
        random.nextInt(1_000));
  }

  private static void check(PackedExtents extents, List<Span> model, Random random, String where) {
    assertThat(extents.count()).as(where).isEqualTo(model.size());
    assertThat(extents.bytes())
        .as(where)
        .isEqualTo(
            model.stream()
                .mapToLong(span -> span instanceof Extent extent ? extent.length() : 0)
                .sum());
    assertThat(extents.maxTimestamp(0))
        .as(where)
        .isEqualTo(model.stream().mapToLong(Span::maxTimestampMs).max().orElse(Long.MIN_VALUE));
    long time = random.nextInt(1_002) - 1L;
    assertThat(extents.firstReaching(0, time))
        .as(where)
        .isEqualTo((int) model.stream().takeWhile(e -> e.maxTimestampMs() < time).count());
    int index = random.nextInt(model.size() + 1);
    List<Span> rest = model.subList(index, model.size());
    assertThat(extents.maxTimestamp(index))
        .as(where)
        .isEqualTo(rest.stream().mapToLong(Span::maxTimestampMs).max().orElse(Long.MIN_VALUE));
    assertThat(extents.firstReaching(index, time))
        .as(where)
        .isEqualTo(index + (int) rest.stream().takeWhile(e -> e.maxTimestampMs() < time).count());
    long base = model.isEmpty() ? 0 : model.getFirst().baseOffset();
    long offset = base + random.nextInt(2_000);
    assertThat(extents.ceiling(offset))
        .as(where)
        .isEqualTo((int) model.stream().takeWhile(e -> e.lastOffset() < offset).count());
  }

  private static byte[] bytes(PackedExtents extents, int level) {
    WireWriter out = new WireWriter().atLevel(level);
    SpanRows.write(extents, out);
    return out.toByteArray();
  }

  private static PackedExtents reread(PackedExtents extents) {
    WireReader in = new WireReader(bytes(extents, 2)).atLevel(2);
    PackedExtents read = SpanRows.read(in);
    in.finish();
    return read;
  }

  private static List<Span> all(PackedExtents extents) {
    List<Span> all = new ArrayList<>();
    for (int i = 0; i < extents.count(); i++) {
      all.add(extents.get(i));
    }
    return all;
  }
}
