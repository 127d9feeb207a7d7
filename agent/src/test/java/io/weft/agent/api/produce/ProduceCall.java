package io.weft.agent.api.produce;

import io.weft.agent.memory.ByteBudget;
import io.weft.agent.network.ClientConnection;
import io.weft.agent.network.Request;
import io.weft.model.TopicId;
import io.weft.protocol.record.RawBatch;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;

/// Builds a produce request and sends it through its bytes, as a client's comes. Not thread-safe.
final class ProduceCall {
  private final ProduceRequestData data =
      new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1_000);
  private short version = 12;
  private short acks = -1;

  /// Of one batch for the topic `plain`.
  static ProduceCall call(RawBatch batch) {
    return call("plain", batch.build());
  }

  /// Of one batch for partition 0.
  static ProduceCall call(String topic, ByteBuffer records) {
    return new ProduceCall().to(topic, 0, records);
  }

  ProduceCall version(int value) {
    version = (short) value;
    return this;
  }

  ProduceCall acks(int value) {
    acks = (short) value;
    return this;
  }

  ProduceCall timeoutMs(int value) {
    data.setTimeoutMs(value);
    return this;
  }

  ProduceCall transactionalId(String value) {
    data.setTransactionalId(value);
    return this;
  }

  ProduceCall to(String topic, int partition, ByteBuffer records) {
    return add(new TopicProduceData().setName(topic), partition, records);
  }

  ProduceCall to(TopicId topic, int partition, ByteBuffer records) {
    Uuid id = new Uuid(topic.high(), topic.low());
    return add(new TopicProduceData().setTopicId(id), partition, records);
  }

  private ProduceCall add(TopicProduceData topic, int partition, ByteBuffer records) {
    topic
        .partitionData()
        .add(
            new PartitionProduceData()
                .setIndex(partition)
                .setRecords(MemoryRecords.readableRecords(records)));
    data.topicData().add(topic);
    return this;
  }

  /// @param share the caller's, as the connection has it
  Request request(ByteBudget.Share share) {
    data.setAcks(acks);
    ByteBuffer bytes = MessageUtil.toByteBufferAccessor(data, version).buffer();
    return new Request(
        new RequestHeader(ApiKeys.PRODUCE, version, "test", 1),
        ProduceRequest.parse(new ByteBufferAccessor(bytes), version),
        new ClientConnection(1, InetAddress.getLoopbackAddress(), 9092),
        share);
  }
}
