package io.weft.controlplane.state.dead;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongConsumer;

/// Files whose ids follow each other: `count` of them from `first` on, at most [#FILES_MAX].
public record FileRun(long first, int count) {
  /// Ids that follow each other for longer are several runs. A run is read from a few bytes and
  /// becomes a row for each of its files, so damaged bytes must not announce any number of them.
  public static final int FILES_MAX = 10_000;

  public FileRun {
    if (first < 0 || count < 1 || count > FILES_MAX || first > Long.MAX_VALUE - count) {
      throw new IllegalArgumentException("%d files from %d on".formatted(count, first));
    }
  }

  /// @param ids rising
  public static List<FileRun> of(Collection<Long> ids) {
    List<FileRun> runs = new ArrayList<>();
    long first = 0;
    int count = 0;
    for (long id : ids) {
      if (count == FILES_MAX || (count > 0 && id != first + count)) {
        runs.add(new FileRun(first, count));
        count = 0;
      }
      first = count == 0 ? id : first;
      count++;
    }
    if (count > 0) {
      runs.add(new FileRun(first, count));
    }
    return List.copyOf(runs);
  }

  public void each(LongConsumer fileId) {
    for (long id = first; id < first + count; id++) {
      fileId.accept(id);
    }
  }
}
