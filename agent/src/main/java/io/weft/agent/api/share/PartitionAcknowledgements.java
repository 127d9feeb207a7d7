package io.weft.agent.api.share;

import io.weft.controlplane.api.ShareGroups.AcknowledgedRun;
import io.weft.controlplane.api.ShareGroups.Acknowledgement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData;

/// What a member says of one partition's records, as it came.
record PartitionAcknowledgements(SharePart part, List<Batch> batches) {
  /// @param types one for all offsets, or one each
  record Batch(long firstOffset, long lastOffset, List<Byte> types) {}

  static List<PartitionAcknowledgements> of(ShareFetchRequestData request) {
    List<PartitionAcknowledgements> all = new ArrayList<>();
    for (ShareFetchRequestData.FetchTopic topic : request.topics()) {
      for (ShareFetchRequestData.FetchPartition partition : topic.partitions()) {
        List<Batch> batches =
            partition.acknowledgementBatches().stream()
                .map(
                    batch ->
                        new Batch(
                            batch.firstOffset(), batch.lastOffset(), batch.acknowledgeTypes()))
                .toList();
        if (!batches.isEmpty()) {
          all.add(
              new PartitionAcknowledgements(
                  new SharePart(topic.topicId(), partition.partitionIndex()), batches));
        }
      }
    }
    return all;
  }

  static List<PartitionAcknowledgements> of(ShareAcknowledgeRequestData request) {
    List<PartitionAcknowledgements> all = new ArrayList<>();
    for (ShareAcknowledgeRequestData.AcknowledgeTopic topic : request.topics()) {
      for (ShareAcknowledgeRequestData.AcknowledgePartition partition : topic.partitions()) {
        List<Batch> batches =
            partition.acknowledgementBatches().stream()
                .map(
                    batch ->
                        new Batch(
                            batch.firstOffset(), batch.lastOffset(), batch.acknowledgeTypes()))
                .toList();
        all.add(
            new PartitionAcknowledgements(
                new SharePart(topic.topicId(), partition.partitionIndex()), batches));
      }
    }
    return all;
  }

  /// The same by runs, or empty if it makes no sense.
  ///
  /// @param renewals whether the request says that it renews (KIP-1222)
  Optional<List<AcknowledgedRun>> runs(boolean renewals) {
    List<AcknowledgedRun> runs = new ArrayList<>();
    long before = -1;
    for (Batch batch : batches) {
      int types = batch.types == null ? 0 : batch.types.size();
      boolean fits =
          batch.firstOffset >= 0
              && batch.firstOffset <= batch.lastOffset
              && batch.lastOffset < Long.MAX_VALUE
              && batch.firstOffset >= before
              && types > 0
              && (types == 1 || batch.lastOffset - batch.firstOffset == types - 1);
      if (!fits) {
        return Optional.empty();
      }
      before = batch.lastOffset;
      for (int first = 0; first < types; ) {
        int end = first + 1;
        while (end < types && batch.types.get(end).equals(batch.types.get(first))) {
          end++;
        }
        Optional<Acknowledgement> kind = kind(batch.types.get(first), renewals);
        if (kind.isEmpty()) {
          return Optional.empty();
        }
        long last = end == types ? batch.lastOffset : batch.firstOffset + end - 1;
        runs.add(new AcknowledgedRun(batch.firstOffset + first, last, kind.get()));
        first = end;
      }
    }
    return Optional.of(runs);
  }

  private static Optional<Acknowledgement> kind(byte type, boolean renewals) {
    return switch (type) {
      case 0 -> Optional.of(Acknowledgement.GAP);
      case 1 -> Optional.of(Acknowledgement.ACCEPT);
      case 2 -> Optional.of(Acknowledgement.RELEASE);
      case 3 -> Optional.of(Acknowledgement.REJECT);
      case 4 -> renewals ? Optional.of(Acknowledgement.RENEW) : Optional.empty();
      default -> Optional.empty();
    };
  }
}
