package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.state.log.LogRecord.ExtentsReplaced;
import io.weft.controlplane.state.log.LogRecord.NewFile;
import io.weft.controlplane.state.log.LogRecord.ReplacedRun;
import io.weft.controlplane.state.log.ReplaceOutcome;
import io.weft.model.Extent;
import io.weft.model.Extent.Offsets;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Puts extents in the place of others, in a state and a naive one, as jobs do: some of them come
/// too late. Owned by one thread.
final class RandomReplacing {
  /// Those of files that were committed are far below.
  private static final long FILE_IDS_FROM = 1_000_000;

  private static final int FIRST_POSITION = 16;

  private final TestCluster cluster;
  private final NaiveCluster naive;
  private final Random random;

  /// Found a while ago, to be replaced now.
  private ExtentsReplaced planned = new ExtentsReplaced(List.of(), List.of());

  private long nextFileId = FILE_IDS_FROM;

  /// How often extents were replaced, and how often it was refused.
  int replaced;

  int refused;

  RandomReplacing(TestCluster cluster, NaiveCluster naive, Random random) {
    this.cluster = cluster;
    this.naive = naive;
    this.random = random;
  }

  void step() {
    if (planned.runs().isEmpty()) {
      planned = plan();
    } else {
      replace(planned);
      if (random.nextInt(4) > 0) {
        planned = new ExtentsReplaced(List.of(), List.of());
      }
    }
  }

  private void replace(ExtentsReplaced asked) {
    byte[] before = cluster.snapshot();
    int records = cluster.records.size();
    ReplaceOutcome outcome = cluster.in().logs().replace(asked);
    boolean fits =
        cluster.state.level().value() > 1
            && asked.files().stream().noneMatch(file -> naive.files.contains(file.fileId()))
            && asked.runs().stream().allMatch(this::fits);
    if (fits) {
      replaced++;
      assertThat(outcome).isEqualTo(new ReplaceOutcome.Replaced());
      assertThat(cluster.records).hasSize(records + 1);
      asked.files().forEach(file -> naive.files.add(file.fileId()));
      asked.runs().forEach(this::replaced);
    } else {
      refused++;
      assertThat(outcome).isInstanceOf(ReplaceOutcome.Refused.class);
      assertThat(cluster.records).hasSize(records);
      assertThat(cluster.snapshot()).isEqualTo(before);
    }
  }

  private boolean fits(ReplacedRun run) {
    NaiveLog log = naive.logs.get(run.partition());
    return log != null
        && log.extents.containsAll(run.before())
        && run.after().getFirst().lastOffset() >= log.start;
  }

  private void replaced(ReplacedRun run) {
    NaiveLog log = naive.logs.get(run.partition());
    int index = log.extents.indexOf(run.before().getFirst());
    log.extents.removeAll(run.before());
    log.extents.addAll(index, run.after());
  }

  private ExtentsReplaced plan() {
    long fileId = nextFileId++;
    List<ReplacedRun> runs = new ArrayList<>();
    long position = FIRST_POSITION;
    for (Map.Entry<PartitionId, NaiveLog> each : naive.logs.entrySet()) {
      List<Extent> there = each.getValue().extents;
      if (!there.isEmpty() && random.nextInt(3) == 0) {
        int index = random.nextInt(there.size());
        int count = 1 + random.nextInt(there.size() - index);
        List<Extent> before = List.copyOf(there.subList(index, index + count));
        List<Extent> after = after(before, fileId, position);
        position = after.getLast().position() + after.getLast().length();
        runs.add(new ReplacedRun(each.getKey(), before, after));
      }
    }
    return new ExtentsReplaced(List.of(new NewFile(fileId, position + 50)), runs);
  }

  private List<Extent> after(List<Extent> before, long fileId, long from) {
    List<Extent> after = new ArrayList<>();
    long position = from;
    long next = before.getFirst().baseOffset();
    long end = before.getLast().lastOffset();
    while (next <= end) {
      long first = next;
      long last = random.nextInt(3) == 0 ? random.nextLong(first, end + 1) : end;
      List<Extent> held =
          before.stream()
              .filter(each -> each.lastOffset() >= first && each.baseOffset() <= last)
              .toList();
      long time = held.getFirst().logAppendTimeMs();
      boolean oneTime = held.stream().allMatch(each -> each.logAppendTimeMs() == time);
      boolean own = held.stream().anyMatch(Extent::hasOwnOffsets) || random.nextInt(3) == 0;
      after.add(
          new Extent(
              fileId,
              position,
              1 + random.nextInt(500),
              first,
              last,
              held.stream().mapToLong(Extent::maxTimestampMs).max().orElseThrow(),
              oneTime ? time : -1,
              own ? Offsets.OWN : Offsets.DENSE));
      position += after.getLast().length() + random.nextInt(2);
      next = last + 1;
    }
    return after;
  }
}
