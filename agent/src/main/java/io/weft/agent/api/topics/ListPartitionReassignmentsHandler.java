package io.weft.agent.api.topics;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ListPartitionReassignmentsResponse;

/// ListPartitionReassignments: there never are any, for no partition lies on an agent. Stateless.
final class ListPartitionReassignmentsHandler implements ApiHandler {
  @Override
  public ApiKeys key() {
    return ApiKeys.LIST_PARTITION_REASSIGNMENTS;
  }

  @Override
  public Answer handle(Request request) {
    return new Answer.Ready(
        new ListPartitionReassignmentsResponse(
            new ListPartitionReassignmentsResponseData().setErrorMessage(null)));
  }
}
