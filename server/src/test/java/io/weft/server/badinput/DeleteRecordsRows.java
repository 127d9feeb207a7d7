package io.weft.server.badinput;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;

/// Deletions of records. The topic `filled` has three records in partition 0, and keeps them;
/// `compacted` is compacted only.
final class DeleteRecordsRows {
  private static final String OUT_OF_RANGE = "OFFSET_OUT_OF_RANGE(1) -1";
  private static final String UNKNOWN = "UNKNOWN_TOPIC_OR_PARTITION(3) -1";
  private static final String REFUSED = "POLICY_VIOLATION(44) -1";

  private DeleteRecordsRows() {}

  static List<Row> all() {
    return List.of(
        Row.same("beyond the end", OUT_OF_RANGE, t -> delete(t, "filled", 0, 99)),
        Row.same("unknown partition", UNKNOWN, t -> delete(t, "filled", 7, 0)),
        Row.same("unknown topic", UNKNOWN, t -> delete(t, "nope", 0, 0)),
        Row.same("partition -1", UNKNOWN, t -> delete(t, "filled", -1, 0)),
        Row.same("offset -2", OUT_OF_RANGE, t -> delete(t, "filled", 0, -2)),
        Row.same("nothing to delete", "NONE(0) 0", t -> delete(t, "filled", 0, 0)),
        Row.same("compacted only", REFUSED, t -> delete(t, "compacted", 0, 0)),
        Row.same("compacted only, beyond", REFUSED, t -> delete(t, "compacted", 0, 9_999)),
        Row.same("up to the end of nothing", "NONE(0) 0", DeleteRecordsRows::ofEmpty));
  }

  private static String ofEmpty(Target target) throws Exception {
    target.createTopic("both-policies", 1, Map.of("cleanup.policy", "compact,delete"));
    return delete(target, "both-policies", 0, -1);
  }

  static String delete(Target target, String topic, int partition, long offset) throws Exception {
    DeleteRecordsRequestData data =
        new DeleteRecordsRequestData()
            .setTimeoutMs(10_000)
            .setTopics(
                List.of(
                    new DeleteRecordsTopic()
                        .setName(topic)
                        .setPartitions(
                            List.of(
                                new DeleteRecordsPartition()
                                    .setPartitionIndex(partition)
                                    .setOffset(offset)))));
    return target.answer(
        new DeleteRecordsRequest.Builder(data).build((short) 1),
        response -> {
          var told =
              ((DeleteRecordsResponse) response)
                  .data()
                  .topics()
                  .iterator()
                  .next()
                  .partitions()
                  .iterator()
                  .next();
          return "%s %d".formatted(Target.name(told.errorCode()), told.lowWatermark());
        });
  }
}
