package io.weft.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.memory.ByteBudget;
import io.weft.agent.network.Answer;
import io.weft.agent.network.ClientConnection;
import io.weft.agent.network.Request;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;

class CountedRequestsTest {
  private static final MemoryRecords RECORDS =
      MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[500]));

  @Test
  void countsRequestsByApiAndTheRecordBytesOfFetchAnswers() throws Exception {
    CountedRequests counted = new CountedRequests(request -> new Answer.Ready(fetched()));

    counted.handle(request(ApiKeys.FETCH));
    counted.handle(request(ApiKeys.FETCH));

    assertThat(counted.requests())
        .containsEntry(ApiKeys.FETCH, 2L)
        .containsEntry(ApiKeys.PRODUCE, 0L);
    assertThat(counted.fetchedBytes()).isEqualTo(2L * RECORDS.sizeInBytes());
  }

  private static FetchResponse fetched() {
    LinkedHashMap<TopicIdPartition, PartitionData> partitions = new LinkedHashMap<>();
    partitions.put(
        new TopicIdPartition(new Uuid(1, 1), new TopicPartition("t", 0)),
        new PartitionData().setPartitionIndex(0).setRecords(RECORDS));
    partitions.put(
        new TopicIdPartition(new Uuid(1, 1), new TopicPartition("t", 1)),
        FetchResponse.partitionResponse(1, Errors.UNKNOWN_SERVER_ERROR));
    return FetchResponse.of(Errors.NONE, 0, 0, partitions, List.of());
  }

  private static Request request(ApiKeys api) throws InterruptedException {
    return new Request(
        new RequestHeader(api, api.latestVersion(), "client", 1),
        new ApiVersionsRequest.Builder().build(),
        new ClientConnection(1, InetAddress.getLoopbackAddress(), 9092),
        new ByteBudget(1_000).acquire(1));
  }
}
