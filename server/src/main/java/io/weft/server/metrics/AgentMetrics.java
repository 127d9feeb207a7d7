package io.weft.server.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.weft.agent.ahead.AheadFigures;
import io.weft.agent.cache.CacheFigures;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.cleaning.CleaningFigures;
import io.weft.agent.compaction.CompactionFigures;
import io.weft.agent.neighbour.NeighbourFigures;
import io.weft.agent.network.NetworkFigures;
import io.weft.agent.produce.ProduceFigures;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What one agent has taken in, given out and holds. Thread-safe.
record AgentMetrics(AgentFigures figures) implements MultiCollector {
  private static final double MS_PER_SECOND = 1e3;

  @Override
  public MetricSnapshots collect() {
    Families families = new Families();
    network(families);
    produce(families, figures.produce().get());
    cache(families, figures.cache().get());
    ahead(families, figures.ahead().get());
    neighbours(families, figures.neighbours().get());
    compaction(families, figures.compaction().get());
    cleaning(families, figures.cleaning().get());
    ClientMetrics.add(figures.pushed(), families);
    return families.toSnapshots();
  }

  private static void compaction(Families families, CompactionFigures.Reading compaction) {
    families
        .counter("weft_compaction_jobs", "jobs that were done", compaction.jobs())
        .counter(
            "weft_compaction_refused",
            "jobs whose inputs others had changed meanwhile",
            compaction.refused())
        .counter("weft_compaction_failed", "jobs that failed otherwise", compaction.failed())
        .counter(
            "weft_compaction_unreadable",
            "files to be merged that were damaged or missing",
            compaction.unreadable())
        .counter("weft_compaction_inputs", "files that were read to be merged", compaction.inputs())
        .counter(
            "weft_compaction_read_bytes",
            "bytes of batches read to be merged",
            compaction.bytesRead())
        .counter(
            "weft_compaction_written_bytes", "bytes of merged files", compaction.bytesWritten());
  }

  private static void cleaning(Families families, CleaningFigures.Reading cleaning) {
    families
        .counter(
            "weft_cleaning_rounds",
            "rounds of cleaning a partition that came to their end",
            cleaning.rounds())
        .counter(
            "weft_cleaning_files", "files that took the place of what was dirty", cleaning.files())
        .counter(
            "weft_cleaning_refused",
            "files that took nothing's place: others had changed what was there",
            cleaning.refused())
        .counter("weft_cleaning_failed", "rounds that were given up", cleaning.failed())
        .counter("weft_cleaning_written_bytes", "bytes of cleaned files", cleaning.bytesWritten());
  }

  private void network(Families families) {
    Map<Labels, Double> requests = new LinkedHashMap<>();
    figures
        .requests()
        .requests()
        .forEach(
            (api, count) -> {
              if (count > 0) {
                requests.put(Labels.of("api", api.name), (double) count);
              }
            });
    NetworkFigures network = figures.network().get();
    families
        .counters("weft_requests", "requests of Kafka clients", requests)
        .gauge("weft_connections", "open connections", network.connections())
        .gauge(
            "weft_request_bytes_held",
            "bytes of requests that are read, handled or answered",
            network.requestBytes())
        .gauge(
            "weft_request_memory_used_bytes",
            "memory outside the heap that long requests with records lie in",
            network.requestMemory().bytesUsed())
        .gauge(
            "weft_request_memory_allocated_bytes",
            "memory that was taken from the system for long requests",
            network.requestMemory().bytesAllocated())
        .gauge(
            "weft_answer_bytes_held",
            "bytes of answers that are built or sent",
            network.answerBytes())
        .counter(
            "weft_fetch_bytes",
            "bytes of record batches in fetch answers",
            figures.requests().fetchedBytes());
  }

  private static void produce(Families families, ProduceFigures.Reading reading) {
    families
        .counter("weft_produce_bytes", "bytes of record batches committed", reading.bytes())
        .counter("weft_produce_batches", "record batches committed", reading.batches())
        .counter("weft_produce_records", "records committed", reading.records())
        .counter(
            "weft_produce_batches_refused",
            "record batches the control plane refused",
            reading.batchesRefused())
        .counter("weft_files_uploaded", "files made durable", reading.filesUploaded())
        .counter("weft_files_given_up", "files that could not be", reading.uploadsFailed())
        .counter("weft_files_committed", "files made part of the log", reading.filesCommitted())
        .counter("weft_files_expired", "files that came too late", reading.filesExpired())
        .counter("weft_commits", "commit calls", reading.commitCalls())
        .counter("weft_commit_retries", "commit calls without an answer", reading.commitRetries())
        .counter(
            "weft_file_upload_seconds",
            "time in uploads, with their retries",
            reading.uploadMs() / MS_PER_SECOND)
        .counter(
            "weft_commit_seconds",
            "time from a commit's first call to its answer",
            reading.commitMs() / MS_PER_SECOND)
        .counter(
            "weft_file_settle_seconds",
            "time from a file's first batch to its commit",
            reading.settleMs() / MS_PER_SECOND);
  }

  private static void cache(Families families, CacheFigures cache) {
    Map<Labels, Double> loadsFor = new LinkedHashMap<>();
    for (ReadPurpose purpose : ReadPurpose.values()) {
      loadsFor.put(
          Labels.of("purpose", purpose.name().toLowerCase(Locale.ROOT)),
          (double) cache.loadsFor().getOrDefault(purpose, 0L));
    }
    families
        .counters("weft_cache_purpose_loads", "the same, by what they were for", loadsFor)
        .counter("weft_cache_hits", "reads answered from memory, by chunk", cache.hits())
        .counter("weft_cache_loads", "chunks brought from the store", cache.loads())
        .counter("weft_cache_joined", "reads that waited for another's load", cache.joined())
        .counter("weft_cache_failures", "loads that failed", cache.failures())
        .counter("weft_cache_loaded_bytes", "bytes the loads brought", cache.bytesLoaded())
        .counter("weft_cache_fresh_files", "files taken from their writer", cache.freshFiles())
        .counter(
            "weft_cache_not_kept", "chunks not kept since readers held too much", cache.notKept())
        .gauge("weft_cache_bytes", "bytes held", cache.bytesHeld())
        .gauge(
            "weft_cache_memory_used_bytes",
            "memory outside the heap for what is held, and for what only readers hold",
            cache.memory().bytesUsed())
        .gauge(
            "weft_cache_memory_readers_bytes",
            "of these, what only readers hold",
            cache.bytesOnlyReaders())
        .gauge(
            "weft_cache_memory_allocated_bytes",
            "memory outside the heap that was taken from the system",
            cache.memory().bytesAllocated())
        .gauge("weft_cache_chunks", "chunks held", cache.chunksHeld());
  }

  private static void ahead(Families families, AheadFigures ahead) {
    families
        .counter("weft_read_ahead_bytes", "bytes read ahead of their readers", ahead.bytes())
        .counter("weft_read_ahead_used_bytes", "of these, what readers came to", ahead.bytesUsed())
        .counter(
            "weft_read_ahead_unused_bytes", "of these, what was let go unread", ahead.bytesUnused())
        .gauge(
            "weft_read_ahead_held_bytes",
            "bytes on their way or waiting for their readers",
            ahead.bytesHeld())
        .gauge("weft_read_ahead_readers", "readers far behind", ahead.readers());
  }

  private static void neighbours(Families families, NeighbourFigures neighbours) {
    families
        .gauge(
            "weft_neighbours",
            "agents of the zone that share what they have, with this one",
            neighbours.members())
        .counter("weft_neighbour_asked", "ranges asked of neighbours", neighbours.asked())
        .counter("weft_neighbour_answered", "ranges that came from them", neighbours.answered())
        .counter(
            "weft_neighbour_answered_bytes", "bytes of those ranges", neighbours.answeredBytes())
        .counter(
            "weft_neighbour_busy", "ranges that a neighbour was too busy for", neighbours.busy())
        .counter(
            "weft_neighbour_fell_back",
            "ranges read from the store since no neighbour gave them",
            neighbours.fellBack())
        .counter(
            "weft_neighbour_hedged",
            "ranges asked of the store too since a neighbour was slow",
            neighbours.hedged())
        .counter("weft_neighbour_served", "ranges sent to neighbours", neighbours.served())
        .counter(
            "weft_neighbour_served_bytes", "bytes sent to neighbours", neighbours.servedBytes())
        .counter(
            "weft_neighbour_turned_away",
            "requests of neighbours refused since there were too many",
            neighbours.turnedAway())
        .counter(
            "weft_neighbour_refused",
            "requests refused since no agent of this cluster has signed them for this one now",
            neighbours.refused());
  }
}
