package io.weft.server.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.weft.controlplane.leader.LeaderFigures;
import io.weft.controlplane.leader.cleaning.CleaningFigures;
import io.weft.controlplane.leader.compaction.CompactionFigures;
import io.weft.controlplane.leader.conservation.SumComparisons;
import io.weft.controlplane.leader.conservation.SumsFigures;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// What the control plane's leader coordinates. A process that does not lead shows that it does
/// not, and how its logs compare with the leader's. Thread-safe.
record LeaderMetrics(Supplier<LeaderFigures> source, Supplier<SumComparisons.Reading> comparisons)
    implements MultiCollector {
  @Override
  public MetricSnapshots collect() {
    LeaderFigures figures = source.get();
    Families families =
        new Families()
            .gauge(
                "weft_leads", "1 if this process leads the control plane", figures.leads() ? 1 : 0);
    SumComparisons.Reading compared = comparisons.get();
    families
        .counter(
            "weft_sums_compared",
            "how often this process has compared its logs with a leader's",
            compared.compared())
        .gauge(
            "weft_sums_differ",
            "1 if this process's logs held something else than the leader's, the last time",
            compared.differ() ? 1 : 0);
    if (figures.leads()) {
      add(families, figures);
    }
    return families.toSnapshots();
  }

  private static void add(Families families, LeaderFigures figures) {
    Map<Labels, Double> groups = new LinkedHashMap<>();
    figures
        .groups()
        .groups()
        .forEach(
            (kind, states) ->
                states.forEach(
                    (state, count) ->
                        groups.put(Labels.of("kind", kind, "state", state), (double) count)));
    Map<Labels, Double> rebalances = new LinkedHashMap<>();
    figures
        .groups()
        .rebalances()
        .forEach((kind, count) -> rebalances.put(Labels.of("kind", kind), (double) count));
    families
        .gauges("weft_groups", "groups, counted every minute", groups)
        .counters("weft_group_rebalances", "rebalances since this leader began", rebalances)
        .counter("weft_offsets_committed", "offsets of groups", figures.groups().offsetsCommitted())
        .counter(
            "weft_offsets_expired", "offsets of idle groups", figures.groups().offsetsExpired())
        .counter("weft_offsets_deleted", "offsets, on request", figures.groups().offsetsDeleted())
        .gauge("weft_transactions_open", "transactions", figures.transactionsOpen())
        .counter(
            "weft_transactions_timed_out",
            "transactions aborted for being open too long",
            figures.transactionsTimedOut())
        .gauge(
            "weft_retention_overdue_seconds",
            "by how much the oldest records of the last look were past their retention",
            figures.data().overdueMs() / 1_000)
        .gauge("weft_dead_files", "files that wait to be deleted", figures.data().deadFiles())
        .counter(
            "weft_dead_files_deleted",
            "files deleted since this leader began, ids never used among them",
            figures.data().deadFilesDeleted())
        .gauge(
            "weft_deleted_topics",
            "topics that were deleted and can be brought back",
            figures.data().deletedTopics());
    compaction(families, figures.compactions());
    cleaning(families, figures.cleanings());
    sums(families, figures.sums());
  }

  private static void sums(Families families, SumsFigures sums) {
    families
        .gauge("weft_extents", "extents in all logs", sums.extents())
        .gauge(
            "weft_extents_without_sum",
            "extents of which nobody has told what their batches add up to",
            sums.unsummed())
        .counter(
            "weft_sums_refused",
            "files that were to take the place of others and did not add up to them, in this term",
            sums.refused());
  }

  private static void compaction(Families families, CompactionFigures compaction) {
    families
        .gauge(
            "weft_compaction_planned",
            "jobs that agents may have or have",
            compaction.jobsPlanned())
        .counter(
            "weft_compaction_swapped",
            "jobs whose files took the place of others, in this term",
            compaction.swapped())
        .counter(
            "weft_compaction_swaps_refused",
            "jobs whose inputs were no longer what they were, in this term",
            compaction.refused())
        .counter(
            "weft_compaction_lost",
            "jobs that came to no end in time, in this term",
            compaction.lost())
        .gauge(
            "weft_compaction_quarantined",
            "files left alone since they could not be read",
            compaction.quarantined())
        .gauge(
            "weft_partition_extents_max",
            "extents and markers of the partition with most, when files were last chosen",
            compaction.spansPerPartitionMax())
        .gauge(
            "weft_low_latency_files",
            "files in the low-latency store, those that wait to be condemned among them",
            compaction.lowLatencyFiles());
  }

  private static void cleaning(Families families, CleaningFigures cleaning) {
    families
        .gauge(
            "weft_cleaning_planned",
            "partitions that agents may clean or clean now",
            cleaning.planned())
        .counter(
            "weft_cleaning_swapped",
            "files that took the place of what was dirty, in this term",
            cleaning.swapped())
        .counter(
            "weft_cleaning_swaps_refused",
            "cleaned files of which what they were to replace was gone, in this term",
            cleaning.refused())
        .gauge(
            "weft_cleaning_quarantined",
            "partitions left alone since they could not be cleaned",
            cleaning.quarantined());
  }
}
