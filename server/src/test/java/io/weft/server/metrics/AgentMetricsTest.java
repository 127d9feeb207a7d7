package io.weft.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.weft.agent.ahead.AheadFigures;
import io.weft.agent.api.CountedRequests;
import io.weft.agent.api.telemetry.PushedMetrics;
import io.weft.agent.cache.CacheFigures;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.cleaning.CleaningFigures;
import io.weft.agent.compaction.CompactionFigures;
import io.weft.agent.memory.BlockPool;
import io.weft.agent.memory.PagePool;
import io.weft.agent.neighbour.NeighbourFigures;
import io.weft.agent.network.Answer;
import io.weft.agent.network.NetworkFigures;
import io.weft.agent.produce.ProduceFigures;
import io.weft.environment.Environment;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentMetricsTest {
  private static final CacheFigures CACHE =
      new CacheFigures(
          21,
          22,
          23,
          24,
          25,
          26,
          30,
          27,
          28,
          new PagePool.Figures(51, 52, 53, 55),
          54,
          Map.of(ReadPurpose.CATCH_UP, 29L));

  @Test
  void showsEachFigureUnderItsOwnName() {
    assertThat(values(metrics()))
        .containsEntry("weft_files_uploaded", 1.0)
        .containsEntry("weft_files_given_up", 2.0)
        .containsEntry("weft_file_upload_seconds", 3.0)
        .containsEntry("weft_files_committed", 4.0)
        .containsEntry("weft_commit_seconds", 8.0)
        .containsEntry("weft_produce_batches", 9.0)
        .containsEntry("weft_produce_records", 10.0)
        .containsEntry("weft_produce_bytes", 11.0)
        .containsEntry("weft_produce_batches_refused", 12.0)
        .containsEntry("weft_cache_hits", 21.0)
        .containsEntry("weft_cache_loads", 22.0)
        .containsEntry("weft_cache_loaded_bytes", 25.0)
        .containsEntry("weft_cache_purpose_loads tail", 0.0)
        .containsEntry("weft_cache_purpose_loads catch_up", 29.0)
        .containsEntry("weft_cache_bytes", 27.0)
        .containsEntry("weft_cache_not_kept", 30.0)
        .containsEntry("weft_cache_memory_allocated_bytes", 52.0)
        .containsEntry("weft_cache_memory_used_bytes", 53.0)
        .containsEntry("weft_cache_memory_readers_bytes", 54.0)
        .containsEntry("weft_read_ahead_bytes", 41.0)
        .containsEntry("weft_read_ahead_used_bytes", 42.0)
        .containsEntry("weft_read_ahead_unused_bytes", 43.0)
        .containsEntry("weft_read_ahead_held_bytes", 44.0)
        .containsEntry("weft_read_ahead_readers", 45.0)
        .containsEntry("weft_connections", 31.0)
        .containsEntry("weft_neighbour_asked", 41.0)
        .containsEntry("weft_neighbour_answered", 42.0)
        .containsEntry("weft_neighbour_answered_bytes", 43.0)
        .containsEntry("weft_neighbour_busy", 44.0)
        .containsEntry("weft_neighbour_fell_back", 45.0)
        .containsEntry("weft_neighbour_hedged", 46.0)
        .containsEntry("weft_neighbour_served", 47.0)
        .containsEntry("weft_neighbour_served_bytes", 48.0)
        .containsEntry("weft_neighbour_turned_away", 49.0)
        .containsEntry("weft_neighbour_refused", 50.0)
        .containsEntry("weft_neighbours", 51.0)
        .containsEntry("weft_compaction_jobs", 61.0)
        .containsEntry("weft_compaction_refused", 62.0)
        .containsEntry("weft_compaction_failed", 63.0)
        .containsEntry("weft_compaction_unreadable", 64.0)
        .containsEntry("weft_compaction_inputs", 65.0)
        .containsEntry("weft_compaction_read_bytes", 66.0)
        .containsEntry("weft_compaction_written_bytes", 67.0)
        .containsEntry("weft_cleaning_rounds", 71.0)
        .containsEntry("weft_cleaning_files", 72.0)
        .containsEntry("weft_cleaning_refused", 73.0)
        .containsEntry("weft_cleaning_failed", 74.0)
        .containsEntry("weft_cleaning_written_bytes", 75.0)
        .containsEntry("weft_request_bytes_held", 32.0)
        .containsEntry("weft_answer_bytes_held", 33.0)
        .containsEntry("weft_fetch_bytes", 0.0);
  }

  private static AgentMetrics metrics() {
    return new AgentMetrics(
        new AgentFigures(
            new CountedRequests(request -> new Answer.None()),
            () -> new ProduceFigures.Reading(1, 2, 3_000, 4, 5, 6, 7, 8_000, 9, 10, 11, 12, 13),
            () -> CACHE,
            () -> new AheadFigures(41, 42, 43, 44, 45),
            () -> new NetworkFigures(31, 32, 33, new BlockPool.Figures(34, 35, 36)),
            () -> new NeighbourFigures(41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51),
            () -> new CompactionFigures.Reading(61, 62, 63, 64, 65, 66, 67),
            () -> new CleaningFigures.Reading(71, 72, 73, 74, 75),
            new PushedMetrics(Environment.system().clock())));
  }

  private static Map<String, Double> values(AgentMetrics metrics) {
    Map<String, Double> values = new HashMap<>();
    for (MetricSnapshot family : metrics.collect()) {
      for (DataPointSnapshot point : family.getDataPoints()) {
        double value =
            switch (point) {
              case CounterSnapshot.CounterDataPointSnapshot counter -> counter.getValue();
              case GaugeSnapshot.GaugeDataPointSnapshot gauge -> gauge.getValue();
              default -> throw new AssertionError(point);
            };
        StringBuilder name = new StringBuilder(family.getMetadata().getName());
        point.getLabels().forEach(label -> name.append(' ').append(label.getValue()));
        values.put(name.toString(), value);
      }
    }
    return values;
  }
}
