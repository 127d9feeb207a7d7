package io.weft.controlplane.state.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.RunBuilder;
import io.weft.model.AbortedRange;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is appended, ended and deleted: the log is what a list of all its spans says.
final class PartitionLogProperties {
  private static final PartitionId PARTITION = new PartitionId(new TopicId(1, 1), 0);

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void itIsAListOfSpans(long seed) {
    Random random = new Random(seed);
    Model model = new Model();
    for (int step = 0; step < 500; step++) {
      switch (random.nextInt(10)) {
        case 0 -> model.begin(random);
        case 1, 2, 3 -> model.end(random);
        case 4 -> model.log = reread(model.log);
        case 5 -> model.replace(random);
        default -> model.append(random);
      }
      model.check(random, "seed %d, step %d".formatted(seed, step));
    }
  }

  private static PartitionLog reread(PartitionLog log) {
    byte[] bytes = bytes(log);
    WireReader in = new WireReader(bytes).atLevel(2);
    PartitionLog read = PartitionLog.read(in);
    in.finish();
    assertThat(bytes(read)).isEqualTo(bytes);
    return read;
  }

  private static byte[] bytes(PartitionLog log) {
    WireWriter out = new WireWriter().atLevel(2);
    log.write(out);
    return out.toByteArray();
  }

  private static final class Model {
    private PartitionLog log = new PartitionLog();
    private final List<Span> spans = new ArrayList<>();
    private long start;
    private long end;

    void append(Random random) {
      int records = 1 + random.nextInt(5);
      long time = random.nextInt(1_000);
      BatchOutcomes placed =
          new BatchOutcomes(
              new byte[] {Verdict.PLACED.code()}, new long[] {end}, new long[] {-1}, start);
      List<Span> appended =
          log.append(
              RunBuilder.run(PARTITION).timed(50, records, time).build(), placed, end, 16, time);
      Extent extent = new Extent(end, 16, 50, end, end + records - 1, time, -1);
      assertThat(appended).containsExactly(extent);
      spans.add(extent);
      end += records;
    }

    void end(Random random) {
      long first = Math.max(0, end - random.nextInt(30));
      Marker marker =
          new Marker(
              end, random.nextInt(5), (short) 3, random.nextBoolean(), first, random.nextInt(900));
      log.append(marker);
      spans.add(marker);
      end++;
    }

    /// A run of extents without a marker becomes one or two.
    void replace(Random random) {
      List<Extent> run = new ArrayList<>();
      int index = spans.isEmpty() ? 0 : random.nextInt(spans.size());
      for (int i = index; i < spans.size() && spans.get(i) instanceof Extent extent; i++) {
        run.add(extent);
      }
      if (run.isEmpty()) {
        return;
      }
      long first = run.getFirst().baseOffset();
      long last = run.getLast().lastOffset();
      long middle = random.nextLong(first, last + 1);
      List<Extent> others = new ArrayList<>();
      others.add(moved(random, first, middle));
      if (middle < last) {
        others.add(moved(random, middle + 1, last));
      }
      List<Extent> stale = new ArrayList<>(run);
      stale.set(0, moved(random, first, run.getFirst().lastOffset()));
      assertThat(log.holds(stale)).isFalse();
      assertThat(log.holds(run)).isTrue();
      log.replace(run, others, List.of());
      assertThat(log.holds(run)).isFalse();
      spans.subList(index, index + run.size()).clear();
      spans.addAll(index, others);
    }

    private Extent moved(Random random, long first, long last) {
      return new Extent(
          1_000_000 + random.nextInt(1_000_000),
          16,
          10 + random.nextInt(100),
          first,
          last,
          random.nextInt(1_000),
          -1,
          random.nextBoolean() ? Extent.Offsets.OWN : Extent.Offsets.DENSE);
    }

    void begin(Random random) {
      long from = start + random.nextInt(20);
      if (from <= start || from > end) {
        return;
      }
      List<Span> gone = spans.stream().filter(span -> span.lastOffset() < from).toList();
      assertThat(log.beginAt(from)).isEqualTo(gone);
      spans.removeAll(gone);
      start = from;
    }

    void check(Random random, String where) {
      assertThat(log.logStartOffset()).as(where).isEqualTo(start);
      assertThat(log.highWatermark()).as(where).isEqualTo(end);
      assertThat(log.bytes())
          .as(where)
          .isEqualTo(spans.stream().filter(Extent.class::isInstance).mapToLong(Span::length).sum());
      long from = start + random.nextLong(end - start + 1);
      assertThat(log.from(from, Integer.MAX_VALUE, Integer.MAX_VALUE))
          .as(where)
          .isEqualTo(spans.stream().filter(span -> span.lastOffset() >= from).toList());
      long upTo = from + random.nextInt(40);
      assertThat(log.abortedAmong(from, upTo)).as(where).isEqualTo(aborted(from, upTo));
      long time = random.nextInt(1_000);
      assertThat(log.fromTime(time, 1))
          .as(where)
          .isEqualTo(
              spans.stream().filter(span -> span.maxTimestampMs() >= time).limit(1).toList());
    }

    private List<AbortedRange> aborted(long from, long upTo) {
      List<AbortedRange> aborted = new ArrayList<>();
      for (Span span : spans) {
        if (span instanceof Marker marker
            && !marker.committed()
            && marker.firstOffset() < marker.offset()
            && marker.offset() >= from
            && marker.firstOffset() < upTo) {
          aborted.add(new AbortedRange(marker.producerId(), marker.firstOffset(), marker.offset()));
        }
      }
      return aborted;
    }
  }
}
