package io.weft.simulation.broken;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.Groups;
import io.weft.model.OpaqueBytes;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.cluster.Build;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/// A group's offsets count as soon as a transaction has staged them, whether it commits or not.
public final class HastyOffsets implements Build {
  /// With names of topics.
  private static final short COMMIT_VERSION = 9;

  @Override
  public ControlPlane controlPlane(ControlPlane real, SimulatedProcess agent) {
    return Altered.of(real).with(Groups.class, new Hasty(real.as(Groups.class)));
  }

  private record Hasty(Groups real) implements Groups {
    @Override
    public OpaqueBytes coordinate(GroupRequest request) {
      OpaqueBytes response = real.coordinate(request);
      if (request.apiKey() == ApiKeys.TXN_OFFSET_COMMIT.id) {
        real.coordinate(
            new GroupRequest(
                ApiKeys.OFFSET_COMMIT.id,
                COMMIT_VERSION,
                request.client(),
                request.waitMs(),
                commit(request)));
      }
      return response;
    }

    private static OpaqueBytes commit(GroupRequest request) {
      TxnOffsetCommitRequestData staged =
          new TxnOffsetCommitRequestData(
              new ByteBufferAccessor(ByteBuffer.wrap(request.body().array())), request.version());
      OffsetCommitRequestData commit =
          new OffsetCommitRequestData()
              .setGroupId(staged.groupId())
              .setMemberId(staged.memberId())
              .setGenerationIdOrMemberEpoch(staged.generationIdOrMemberEpoch())
              .setGroupInstanceId(staged.groupInstanceId())
              .setTopics(staged.topics().stream().map(Hasty::topic).toList());
      return OpaqueBytes.of(
          MessageUtil.byteBufferToArray(
              MessageUtil.toByteBufferAccessor(commit, COMMIT_VERSION).buffer()));
    }

    private static OffsetCommitRequestTopic topic(TxnOffsetCommitRequestTopic staged) {
      List<OffsetCommitRequestPartition> partitions =
          staged.partitions().stream()
              .map(
                  each ->
                      new OffsetCommitRequestPartition()
                          .setPartitionIndex(each.partitionIndex())
                          .setCommittedOffset(each.committedOffset())
                          .setCommittedMetadata(each.committedMetadata()))
              .toList();
      return new OffsetCommitRequestTopic().setName(staged.name()).setPartitions(partitions);
    }
  }
}
