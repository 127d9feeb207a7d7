package io.weft.agent.produce;

import io.weft.agent.produce.ProduceAppend.Load;
import io.weft.environment.Pending;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// The batches gathered since the last file closed, by partition. Guarded by the intake's lock.
final class ActiveFile {
  private final Map<PartitionId, GatheredRun> runs = new LinkedHashMap<>();
  private final List<PendingAppend> appends = new ArrayList<>();
  private final long openedMs;
  private Load load = Load.NONE;

  /// @param openedMs monotonic time of the first append, which the caller is about to add
  ActiveFile(long openedMs) {
    this.openedMs = openedMs;
  }

  long openedMs() {
    return openedMs;
  }

  Load load() {
    return load;
  }

  int appends() {
    return appends.size();
  }

  /// The connection of each append.
  LongStream connections() {
    return appends.stream().mapToLong(append -> append.append().connection());
  }

  Pending<List<ProduceOutcome>> add(ProduceAppend append) {
    append.share().retain();
    int count = append.batches().size();
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      ProduceAppend.Batch batch = append.batches().get(i);
      GatheredRun run = runs.computeIfAbsent(batch.partition(), GatheredRun::new);
      rows[i] = run.add(batch);
    }
    load = load.plus(append.load());
    Pending<List<ProduceOutcome>> outcomes = new Pending<>();
    appends.add(new PendingAppend(append, rows, outcomes));
    return outcomes;
  }

  /// Nothing may be added after this.
  ///
  /// @param onReleased told once the file is settled and nobody reads its bytes
  ClosedFile close(Runnable onReleased) {
    List<GatheredRun> sorted =
        runs.values().stream().sorted(Comparator.comparing(GatheredRun::partition)).toList();
    return new ClosedFile(sorted, List.copyOf(appends), load, openedMs, onReleased);
  }
}
