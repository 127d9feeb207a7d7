package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.state.log.LiveFiles;
import io.weft.controlplane.state.log.LogRecord.ExtentsReplaced;
import io.weft.controlplane.state.log.LogRecord.NewFile;
import io.weft.controlplane.state.log.LogRecord.ReplacedRun;
import io.weft.controlplane.state.log.ReplaceOutcome;
import io.weft.model.Extent;
import io.weft.model.Extent.Offsets;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Extents that take the place of others: when they may, and that nothing else changes.
final class ReplacementTest {
  private static final long NEW_FILE = 1L << 40;

  private final Transacting busy = new Transacting();
  private final TestCluster cluster = busy.cluster;
  private final PartitionId first = busy.first;
  private final PartitionId second = busy.second;

  /// Of `first`: offsets 0–1, 2–3 and 4–5, each in a file with one offset of `second`.
  @BeforeEach
  void place() {
    for (int i = 0; i < 3; i++) {
      busy.place(
          RunBuilder.run(first).timed(100, 2, 1_000 + i),
          RunBuilder.run(second).timed(10, 1, 2_000 + i));
    }
  }

  private void raise() {
    cluster.as(Releases.class).finish(2);
  }

  private static Extent moved(long position, int length, long first, long last, long timeMs) {
    return new Extent(NEW_FILE, position, length, first, last, timeMs, -1);
  }

  private static ExtentsReplaced swap(ReplacedRun... runs) {
    return new ExtentsReplaced(List.of(new NewFile(NEW_FILE, 1_000)), List.of(runs));
  }

  private ReplacedRun run(int from, int to, Extent... after) {
    return new ReplacedRun(first, cluster.extents(first).subList(from, to), List.of(after));
  }

  private ReplaceOutcome replace(ExtentsReplaced asked) {
    return cluster.in().logs().replace(asked);
  }

  private void assertRefused(ExtentsReplaced asked, String why) {
    byte[] before = cluster.snapshot();
    int records = cluster.records.size();
    assertThat(replace(asked)).isEqualTo(new ReplaceOutcome.Refused(why));
    assertThat(cluster.records).hasSize(records);
    assertThat(cluster.snapshot()).isEqualTo(before);
  }

  private void assertReplaced(ExtentsReplaced asked) {
    assertThat(replace(asked)).isEqualTo(new ReplaceOutcome.Replaced());
    busy.assertSameAfterRecovery();
  }

  @Test
  void severalPartitionsAreReplacedAtOnce() {
    raise();
    List<Extent> before = cluster.extents(first);
    PartitionBounds bounds = cluster.bounds(first);
    cluster.events.clear();
    int records = cluster.records.size();

    assertReplaced(
        swap(
            run(0, 3, moved(16, 300, 0, 5, 1_002)),
            new ReplacedRun(
                second, cluster.extents(second), List.of(moved(316, 30, 0, 2, 2_002)))));

    assertThat(cluster.records).hasSize(records + 1);
    assertThat(cluster.extents(first)).containsExactly(moved(16, 300, 0, 5, 1_002));
    assertThat(cluster.extents(second)).containsExactly(moved(316, 30, 0, 2, 2_002));
    assertThat(cluster.bounds(first)).isEqualTo(bounds);
    assertThat(cluster.events)
        .containsExactly("replaced 0 from 0 to 5 by 1", "replaced 1 from 0 to 2 by 1");
    LiveFiles files = cluster.state.logs().files();
    assertThat(files.liveExtents(NEW_FILE)).isEqualTo(2);
    assertThat(files.liveBytes(NEW_FILE)).isEqualTo(330);
    before.forEach(extent -> assertThat(files.liveExtents(extent.fileId())).isZero());
    before.forEach(extent -> assertThat(files.liveBytes(extent.fileId())).isZero());
    busy.place(RunBuilder.run(first).timed(100, 2, 1_000));
    assertThat(cluster.bounds(first).highWatermark()).isEqualTo(8);
  }

  @Test
  void beforeLevelTwoIsFinalNothingIsReplaced() {
    assertRefused(
        swap(run(0, 3, moved(16, 300, 0, 5, 1_002))),
        "level 2 has to be final first; it is level 1");
    raise();
    assertReplaced(swap(run(0, 3, moved(16, 300, 0, 5, 1_002))));
  }

  @Test
  void whatIsNoLongerThereIsNotReplaced() {
    raise();
    ExtentsReplaced all = swap(run(0, 3, moved(16, 300, 0, 5, 1_002)));
    ExtentsReplaced some = swap(run(1, 2, moved(16, 100, 2, 3, 1_001)));
    ExtentsReplaced other =
        new ExtentsReplaced(
            List.of(new NewFile(NEW_FILE + 1, 1_000)),
            List.of(run(0, 2, new Extent(NEW_FILE + 1, 16, 200, 0, 3, 1_001, -1))));
    assertReplaced(other);

    assertRefused(all, first + " has other extents there now");
    assertRefused(some, first + " has other extents there now");
    assertRefused(other, "file " + (NEW_FILE + 1) + " is not new");
    cluster.as(TopicCatalog.class).delete(first.topic());
    assertThat(replace(swap(new ReplacedRun(second, List.of(moved(16, 1, 0, 0, 1)), List.of()))))
        .isEqualTo(new ReplaceOutcome.Refused("a run without extents"));
    assertRefused(all, first + " is gone");
  }

  /// An input that the log begins inside stays whole, and so does what takes its place.
  @Test
  void theLogsStartIsRespected() {
    raise();
    ExtentsReplaced whole = swap(run(0, 3, moved(16, 300, 0, 5, 1_002)));
    ExtentsReplaced inPieces =
        swap(run(0, 3, moved(16, 50, 0, 0, 1_000), moved(66, 250, 1, 5, 1_002)));
    cluster.as(TopicCatalog.class).deleteRecords(List.of(new RecordsBefore(first, 1)));

    assertRefused(inPieces, first + " begins at 1 now");
    assertReplaced(whole);
    assertThat(cluster.bounds(first).logStartOffset()).isEqualTo(1);
    assertThat(cluster.extents(first, 1)).containsExactly(moved(16, 300, 0, 5, 1_002));
    cluster.as(TopicCatalog.class).deleteRecords(List.of(new RecordsBefore(first, 6)));
    assertThat(cluster.state.logs().files().liveExtents(NEW_FILE)).isZero();
    busy.assertSameAfterRecovery();
  }

  @Test
  void whatTheLogHasLeftBehindIsNotReplaced() {
    raise();
    ExtentsReplaced all = swap(run(0, 3, moved(16, 300, 0, 5, 1_002)));
    cluster.as(TopicCatalog.class).deleteRecords(List.of(new RecordsBefore(first, 2)));

    assertRefused(all, first + " has other extents there now");
  }

  @Test
  void exactlyTheSameOffsetsAreCovered() {
    raise();
    assertRefused(
        swap(run(0, 2, moved(16, 100, 0, 2, 1_001))), first + ": the extents end before 3");
    assertRefused(
        swap(run(0, 2, moved(16, 100, 0, 4, 1_001))), first + ": the extents end before 5");
    assertRefused(swap(run(1, 2, moved(16, 100, 1, 3, 1_001))), first + ": no extent begins at 2");
    assertRefused(
        swap(run(0, 2, moved(16, 100, 0, 1, 1_001), moved(116, 9, 3, 3, 1_001))),
        first + ": no extent begins at 2");
    assertRefused(
        swap(run(0, 2, moved(116, 100, 0, 1, 1_001), moved(16, 9, 2, 3, 1_001))),
        first + ": the extents in file 1099511627776 are not in order");
  }

  @Test
  void runsAreNamedOnceAndInOrder() {
    raise();
    ReplacedRun one = run(0, 1, moved(16, 100, 0, 1, 1_000));
    ReplacedRun next = run(1, 2, moved(116, 100, 2, 3, 1_001));
    ReplacedRun other =
        new ReplacedRun(second, cluster.extents(second), List.of(moved(216, 9, 0, 2, 2_002)));

    assertRefused(swap(), "there is nothing to replace");
    assertRefused(swap(one, one), "the runs are not in order");
    assertRefused(swap(next, one), "the runs are not in order");
    assertRefused(swap(other, one), "the runs are not in order");
    assertReplaced(swap(one, next, other));
  }

  @Test
  void extentsLieInTheFilesThatAreNamed() {
    raise();
    Extent fits = moved(16, 984, 0, 5, 1_002);
    assertRefused(
        swap(run(0, 3, moved(17, 984, 0, 5, 1_002))),
        "an extent lies outside of file 1099511627776");
    assertRefused(
        swap(run(0, 3, moved(Long.MAX_VALUE, 1, 0, 5, 1_002))),
        "an extent lies outside of file 1099511627776");
    assertRefused(
        new ExtentsReplaced(List.of(), List.of(run(0, 3, fits))),
        "an extent lies in file 1099511627776, which is not named");
    assertRefused(
        new ExtentsReplaced(
            List.of(new NewFile(NEW_FILE, 1_000), new NewFile(NEW_FILE + 1, 9)),
            List.of(run(0, 3, fits))),
        "file 1099511627777 holds none of the extents");
    assertRefused(
        new ExtentsReplaced(
            List.of(new NewFile(NEW_FILE, 1_000), new NewFile(NEW_FILE, 1_000)),
            List.of(run(0, 3, fits))),
        "file 1099511627776 is named twice");
    assertRefused(
        swap(
            run(0, 3, fits),
            new ReplacedRun(second, cluster.extents(second), List.of(moved(16, 984, 0, 2, 2_002)))),
        "file 1099511627776 cannot hold its extents");
    long committed = cluster.extents(first).getFirst().fileId();
    assertRefused(
        new ExtentsReplaced(
            List.of(new NewFile(committed, 1_000)),
            List.of(run(0, 3, new Extent(committed, 16, 9, 0, 5, 1_002, -1)))),
        "file %d is not new".formatted(committed));
    assertReplaced(swap(run(0, 3, fits)));
  }

  @Test
  void timesFollowFromThoseBefore() {
    raise();
    assertRefused(swap(run(0, 2, moved(16, 100, 0, 3, 1_002))), first + ": a time out of nowhere");
    assertRefused(
        swap(run(0, 2, moved(16, 100, 0, 3, 1_000))), first + ": the largest time is lost");
    assertRefused(
        swap(run(0, 1, new Extent(NEW_FILE, 16, 100, 0, 1, 1_000, 1_000))),
        first + ": records of -1 would get the time 1000");
    // The record with the largest time is one of those that are gone.
    assertReplaced(swap(run(0, 2, new Extent(NEW_FILE, 16, 100, 0, 3, 1_000, -1, Offsets.OWN))));
  }

  @Test
  void timesThatTheLogGaveStayOrAreInTheBatches() {
    raise();
    PartitionId timed =
        new PartitionId(
            cluster.topic("timed", 1, Map.of("message.timestamp.type", "LogAppendTime")), 0);
    busy.place(RunBuilder.run(timed).batch(1));
    cluster.nowMs += 10;
    busy.place(RunBuilder.run(timed).batch(1));
    List<Extent> before = cluster.extents(timed);
    long lateMs = before.get(1).logAppendTimeMs();

    assertRefused(
        swap(
            new ReplacedRun(
                timed, before, List.of(new Extent(NEW_FILE, 16, 9, 0, 1, lateMs, lateMs)))),
        "%s: records of %d would get the time %d".formatted(timed, lateMs - 10, lateMs));
    assertReplaced(
        swap(
            new ReplacedRun(
                timed, before, List.of(new Extent(NEW_FILE, 16, 9, 0, 1, lateMs, -1)))));
  }

  @Test
  void gapsAreNotClosedAgain() {
    raise();
    assertReplaced(swap(run(0, 3, new Extent(NEW_FILE, 16, 100, 0, 5, 1_002, -1, Offsets.OWN))));
    ExtentsReplaced dense =
        new ExtentsReplaced(
            List.of(new NewFile(NEW_FILE + 1, 1_000)),
            List.of(run(0, 1, new Extent(NEW_FILE + 1, 16, 100, 0, 5, 1_002, -1))));

    assertRefused(dense, first + ": gaps would be lost");
  }

  @Test
  void markersTransactionsAndProducersStay() {
    raise();
    ProducerEpoch aborted = busy.init("one");
    busy.placed(first, aborted, 0, 2);
    busy.end("one", aborted, false, false);
    ProducerEpoch open = busy.init("two");
    busy.add("two", open, first);
    busy.placed(first, open, 0, 2);
    List<Span> spans = cluster.spans(first, 0);
    List<Extent> untilMarker = spans.subList(0, 4).stream().map(Extent.class::cast).toList();
    Marker marker = (Marker) spans.get(4);
    Extent behind = (Extent) spans.get(5);
    PartitionBounds bounds = cluster.bounds(first);
    var active = busy.active(first);
    var aborts = cluster.state.logs().find(first).orElseThrow().abortedAmong(0, 100);
    long maxMs = untilMarker.stream().mapToLong(Extent::maxTimestampMs).max().orElseThrow();

    List<Extent> over = List.of(untilMarker.getLast(), behind);
    assertRefused(
        swap(new ReplacedRun(first, over, List.of(moved(16, 9, 6, 10, behind.maxTimestampMs())))),
        first + " has other extents there now");
    assertReplaced(
        swap(
            new ReplacedRun(first, untilMarker, List.of(moved(16, 500, 0, 7, maxMs))),
            new ReplacedRun(
                first, List.of(behind), List.of(moved(516, 99, 9, 10, behind.maxTimestampMs())))));

    assertThat(cluster.spans(first, 0))
        .containsExactly(
            moved(16, 500, 0, 7, maxMs), marker, moved(516, 99, 9, 10, behind.maxTimestampMs()));
    assertThat(cluster.bounds(first)).isEqualTo(bounds);
    assertThat(bounds.lastStableOffset()).isEqualTo(9);
    assertThat(busy.active(first)).isEqualTo(active);
    assertThat(cluster.state.logs().find(first).orElseThrow().abortedAmong(0, 100))
        .isEqualTo(aborts);
    assertThat(busy.placed(first, open, 2, 1)).startsWith("PLACED@11");
    assertThat(busy.placed(first, open, 0, 2)).startsWith("DUPLICATE@9");
  }
}
