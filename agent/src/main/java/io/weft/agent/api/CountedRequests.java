package io.weft.agent.api;

import io.weft.agent.network.Answer;
import io.weft.agent.network.ClientConnection;
import io.weft.agent.network.Request;
import io.weft.agent.network.RequestHandler;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.FetchResponse;

/// Counts the requests that another handler answers, and the record bytes in its fetch answers.
/// Thread-safe, lock-free.
public final class CountedRequests implements RequestHandler {
  private final RequestHandler handler;
  private final Map<ApiKeys, LongAdder> requests = new EnumMap<>(ApiKeys.class);
  private final LongAdder fetchedBytes = new LongAdder();

  public CountedRequests(RequestHandler handler) {
    this.handler = handler;
    for (ApiKeys api : ApiKeys.values()) {
      requests.put(api, new LongAdder());
    }
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    requests.get(request.header().apiKey()).increment();
    Answer answer = handler.handle(request);
    if (answer instanceof Answer.Ready(FetchResponse response)) {
      fetchedBytes.add(recordBytes(response));
    }
    return answer;
  }

  @Override
  public void connectionEnded(ClientConnection client) {
    handler.connectionEnded(client);
  }

  /// Requests so far, by API; those of APIs nobody has used are 0.
  public Map<ApiKeys, Long> requests() {
    Map<ApiKeys, Long> counts = new EnumMap<>(ApiKeys.class);
    requests.forEach((api, count) -> counts.put(api, count.sum()));
    return counts;
  }

  /// Bytes of record batches in fetch answers so far.
  public long fetchedBytes() {
    return fetchedBytes.sum();
  }

  private static long recordBytes(FetchResponse response) {
    long bytes = 0;
    for (FetchableTopicResponse topic : response.data().responses()) {
      for (PartitionData partition : topic.partitions()) {
        bytes += partition.records() == null ? 0 : partition.records().sizeInBytes();
      }
    }
    return bytes;
  }
}
