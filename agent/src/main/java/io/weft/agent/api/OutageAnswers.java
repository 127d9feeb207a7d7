package io.weft.agent.api;

import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.ControlPlaneException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.AbstractResponse;

/// What a client is told when the control plane could not be asked: per API, something that API's
/// clients retry.
public final class OutageAnswers {
  private OutageAnswers() {}

  public static Answer of(Request request, ControlPlaneException failure) {
    ApiKeys key = request.header().apiKey();
    if (key == ApiKeys.METADATA) {
      // An answer without topics would be believed; a lost connection is tried elsewhere.
      return new Answer.Close("no metadata: " + failure.getMessage());
    }
    ApiException error =
        switch (failure) {
          case ControlPlaneException.Unavailable unavailable -> error(key).exception();
          case ControlPlaneException.Rejected rejected ->
              rejection(key).exception(rejected.getMessage());
        };
    return of(request, error);
  }

  /// The request is answered with an error; where not even that can be said (it would repeat names
  /// that are too long for a response), the connection is closed.
  public static Answer of(Request request, ApiException error) {
    AbstractResponse response = request.body().getErrorResponse(error);
    return response == null || !isSayable(response, request.header().apiVersion())
        ? new Answer.Close("no answer possible: " + error.getMessage())
        : new Answer.Ready(response);
  }

  private static boolean isSayable(AbstractResponse response, short version) {
    try {
      response.data().size(new ObjectSerializationCache(), version);
      return true;
    } catch (RuntimeException tooLong) {
      return false;
    }
  }

  /// Nothing that is retried, where the same would only happen again.
  private static Errors rejection(ApiKeys key) {
    if (changesTopics(key)) {
      return Errors.POLICY_VIOLATION;
    }
    Errors outage = error(key);
    return switch (outage) {
      case COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS ->
          Errors.INVALID_REQUEST;
      default -> key == ApiKeys.DESCRIBE_PRODUCERS ? Errors.INVALID_REQUEST : outage;
    };
  }

  private static boolean changesTopics(ApiKeys key) {
    return key == ApiKeys.CREATE_TOPICS
        || key == ApiKeys.DELETE_TOPICS
        || key == ApiKeys.CREATE_PARTITIONS
        || key == ApiKeys.ALTER_CONFIGS
        || key == ApiKeys.INCREMENTAL_ALTER_CONFIGS;
  }

  private static Errors error(ApiKeys key) {
    return switch (key) {
      case LIST_OFFSETS, OFFSET_FOR_LEADER_EPOCH -> Errors.LEADER_NOT_AVAILABLE;
      case FETCH -> Errors.NOT_LEADER_OR_FOLLOWER;
      // The one error an idempotent producer without transactions retries as it is.
      case INIT_PRODUCER_ID, LIST_TRANSACTIONS -> Errors.COORDINATOR_LOAD_IN_PROGRESS;
      case DESCRIBE_PRODUCERS -> Errors.NOT_LEADER_OR_FOLLOWER;
      // Old consumers know no other that they retry.
      case OFFSET_FETCH, JOIN_GROUP, SYNC_GROUP -> Errors.NOT_COORDINATOR;
      case FIND_COORDINATOR,
          OFFSET_COMMIT,
          HEARTBEAT,
          LEAVE_GROUP,
          DESCRIBE_GROUPS,
          LIST_GROUPS,
          DELETE_GROUPS,
          OFFSET_DELETE,
          CONSUMER_GROUP_HEARTBEAT,
          CONSUMER_GROUP_DESCRIBE,
          SHARE_GROUP_HEARTBEAT,
          SHARE_GROUP_DESCRIBE,
          DESCRIBE_SHARE_GROUP_OFFSETS,
          ALTER_SHARE_GROUP_OFFSETS,
          DELETE_SHARE_GROUP_OFFSETS,
          STREAMS_GROUP_HEARTBEAT,
          STREAMS_GROUP_DESCRIBE,
          ADD_PARTITIONS_TO_TXN,
          ADD_OFFSETS_TO_TXN,
          END_TXN,
          TXN_OFFSET_COMMIT,
          DESCRIBE_TRANSACTIONS ->
          Errors.COORDINATOR_NOT_AVAILABLE;
      default -> Errors.REQUEST_TIMED_OUT;
    };
  }
}
