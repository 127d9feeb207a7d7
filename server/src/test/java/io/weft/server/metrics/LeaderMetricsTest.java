package io.weft.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.weft.controlplane.groups.GroupFigures;
import io.weft.controlplane.leader.LeaderFigures;
import io.weft.controlplane.leader.cleaning.CleaningFigures;
import io.weft.controlplane.leader.collection.DataFigures;
import io.weft.controlplane.leader.compaction.CompactionFigures;
import io.weft.controlplane.leader.conservation.SumComparisons;
import io.weft.controlplane.leader.conservation.SumsFigures;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LeaderMetricsTest {
  private static final SumComparisons.Reading COMPARED = new SumComparisons.Reading(41, true);

  @Test
  void showsWhatALeaderCounts() {
    GroupFigures groups =
        new GroupFigures(
            new TreeMap<>(Map.of("classic", new TreeMap<>(Map.of("stable", 3L)))),
            new TreeMap<>(Map.of("consumer", 4L)),
            5,
            6,
            7);
    CompactionFigures compactions = new CompactionFigures(10, 11, 12, 13, 14, 15, 16);

    assertThat(
            values(
                new LeaderFigures(
                    true,
                    groups,
                    8,
                    9,
                    compactions,
                    new CleaningFigures(21, 22, 23, 24),
                    new DataFigures(1_500, 16, 17, 18),
                    new SumsFigures(31, 32, 33))))
        .containsEntry("weft_leads{}", 1.0)
        .containsEntry("weft_groups{kind=\"classic\",state=\"stable\"}", 3.0)
        .containsEntry("weft_group_rebalances{kind=\"consumer\"}", 4.0)
        .containsEntry("weft_offsets_committed{}", 5.0)
        .containsEntry("weft_offsets_expired{}", 6.0)
        .containsEntry("weft_offsets_deleted{}", 7.0)
        .containsEntry("weft_transactions_open{}", 8.0)
        .containsEntry("weft_transactions_timed_out{}", 9.0)
        .containsEntry("weft_compaction_planned{}", 10.0)
        .containsEntry("weft_compaction_swapped{}", 11.0)
        .containsEntry("weft_compaction_swaps_refused{}", 12.0)
        .containsEntry("weft_compaction_lost{}", 13.0)
        .containsEntry("weft_compaction_quarantined{}", 14.0)
        .containsEntry("weft_cleaning_planned{}", 21.0)
        .containsEntry("weft_cleaning_swapped{}", 22.0)
        .containsEntry("weft_cleaning_swaps_refused{}", 23.0)
        .containsEntry("weft_cleaning_quarantined{}", 24.0)
        .containsEntry("weft_partition_extents_max{}", 15.0)
        .containsEntry("weft_low_latency_files{}", 16.0)
        .containsEntry("weft_retention_overdue_seconds{}", 1.0)
        .containsEntry("weft_dead_files{}", 16.0)
        .containsEntry("weft_dead_files_deleted{}", 17.0)
        .containsEntry("weft_deleted_topics{}", 18.0)
        .containsEntry("weft_extents{}", 31.0)
        .containsEntry("weft_extents_without_sum{}", 32.0)
        .containsEntry("weft_sums_refused{}", 33.0);
  }

  @Test
  void showsOnlyWhatItHasComparedOfOneThatDoesNotLead() {
    assertThat(values(LeaderFigures.NONE))
        .containsExactly(
            Map.entry("weft_leads{}", 0.0),
            Map.entry("weft_sums_compared{}", 41.0),
            Map.entry("weft_sums_differ{}", 1.0));
  }

  private static Map<String, Double> values(LeaderFigures figures) {
    Map<String, Double> values = new TreeMap<>();
    for (MetricSnapshot family : new LeaderMetrics(() -> figures, () -> COMPARED).collect()) {
      for (DataPointSnapshot point : family.getDataPoints()) {
        values.put(
            family.getMetadata().getName() + point.getLabels(),
            switch (point) {
              case CounterSnapshot.CounterDataPointSnapshot counter -> counter.getValue();
              case GaugeSnapshot.GaugeDataPointSnapshot gauge -> gauge.getValue();
              default -> throw new IllegalStateException("neither counter nor gauge");
            });
      }
    }
    return values;
  }
}
