package io.weft.agent.share;

import io.weft.agent.fetch.Fetched;
import io.weft.controlplane.api.ShareGroups.AcknowledgedPartition;
import io.weft.controlplane.api.ShareGroups.AcknowledgedRun;
import io.weft.controlplane.api.ShareGroups.Acknowledgement;
import io.weft.controlplane.api.ShareGroups.Acquired;
import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.controlplane.api.ShareGroups.Acquisition;
import io.weft.model.PartitionId;
import io.weft.protocol.record.StampedRecords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// One acquisition on its way to the member: what is shown of each partition, and what is said of
/// acquired records in the member's place. Owned by one thread.
final class Delivery {
  private final List<AcquiredRuns> acquired = new ArrayList<>();
  private final SequencedMap<PartitionId, ShareFetched> shown = new LinkedHashMap<>();

  /// In offset order.
  private final SequencedMap<PartitionId, List<AcknowledgedRun>> saidBack = new LinkedHashMap<>();

  /// @param partitions that the acquisition was asked for, in its order
  Delivery(List<PartitionId> partitions, Acquisition acquisition) {
    for (int i = 0; i < partitions.size(); i++) {
      PartitionId partition = partitions.get(i);
      switch (acquisition.partitions().get(i)) {
        case Acquired.Runs runs -> {
          shown.put(partition, new ShareFetched.Nothing());
          if (!runs.runs().isEmpty()) {
            acquired.add(new AcquiredRuns(partition, runs.runs()));
          }
        }
        case Acquired.NeedsStart _ -> shown.put(partition, new ShareFetched.Nothing());
        case Acquired.NotBegun _ -> shown.put(partition, new ShareFetched.NotBegun());
        case Acquired.UnknownPartition _ ->
            shown.put(partition, new ShareFetched.UnknownPartition());
      }
    }
  }

  /// Partitions of which something was acquired.
  List<AcquiredRuns> acquired() {
    return acquired;
  }

  /// @param fetched one for each of [#acquired], in order
  void deliver(List<Fetched> fetched) {
    for (int i = 0; i < acquired.size(); i++) {
      AcquiredRuns runs = acquired.get(i);
      switch (fetched.get(i)) {
        case Fetched.Records records -> deliver(runs, records);
        case Fetched.OutOfRange _ -> keepBack(runs, runs.first());
        case Fetched.UnknownPartition _ ->
            shown.put(runs.partition(), new ShareFetched.UnknownPartition());
        case Fetched.Unreadable _ -> keepAllBack(runs, new ShareFetched.Unreadable());
        case Fetched.Damaged _ -> keepAllBack(runs, new ShareFetched.Damaged());
        case Fetched.Unplaced _ -> keepAllBack(runs, new ShareFetched.Unplaced());
      }
    }
  }

  /// Nothing of it was read.
  void keepAllBack() {
    acquired.forEach(runs -> keepBack(runs, runs.first()));
  }

  /// Records of aborted transactions are done with, without the member's seeing them; so are those
  /// that were removed.
  private void deliver(AcquiredRuns runs, Fetched.Records fetched) {
    StampedRecords records = fetched.records();
    List<AcquiredRun> reached = runs.before(records.end());
    DeadOffsets dead = DeadOffsets.in(fetched);
    sayBack(runs, dead.of(reached), Acknowledgement.GAP);
    keepBack(runs, Math.max(runs.first(), records.end()));
    List<AcquiredRun> delivered = dead.outside(reached);
    if (!delivered.isEmpty()) {
      shown.put(runs.partition(), new ShareFetched.Records(records, delivered));
    }
  }

  private void keepAllBack(AcquiredRuns runs, ShareFetched reason) {
    keepBack(runs, runs.first());
    shown.put(runs.partition(), reason);
  }

  /// Notes that the records from this offset on do not reach the member.
  private void keepBack(AcquiredRuns runs, long offset) {
    sayBack(runs, runs.from(offset), Acknowledgement.UNDELIVERED);
  }

  private void sayBack(AcquiredRuns of, List<AcquiredRun> runs, Acknowledgement kind) {
    for (AcquiredRun run : runs) {
      saidBack
          .computeIfAbsent(of.partition(), _ -> new ArrayList<>())
          .add(new AcknowledgedRun(run.firstOffset(), run.lastOffset(), kind));
    }
  }

  /// What the control plane is to be told in the member's place; may be empty.
  List<AcknowledgedPartition> saidBack() {
    return saidBack.entrySet().stream()
        .map(each -> new AcknowledgedPartition(each.getKey(), each.getValue()))
        .toList();
  }

  /// What the member gets of each partition, in order.
  SequencedMap<PartitionId, ShareFetched> shown() {
    return shown;
  }
}
