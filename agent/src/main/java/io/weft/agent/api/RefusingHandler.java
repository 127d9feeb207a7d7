package io.weft.agent.api;

import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.protocol.ApiKeys;

/// Answers every request of an API with the same error. Immutable.
///
/// @param why told to the client with the error it is an exception of
public record RefusingHandler(ApiKeys key, ApiException why) implements ApiHandler {
  /// As a broker without an authorizer.
  public static RefusingHandler withoutAuthorizer(ApiKeys key) {
    return new RefusingHandler(
        key, new SecurityDisabledException("No Authorizer is configured on the broker"));
  }

  /// Markers of transactions are metadata here; no client may write them.
  public static RefusingHandler ofTransactionMarkers() {
    return new RefusingHandler(
        ApiKeys.WRITE_TXN_MARKERS,
        new ClusterAuthorizationException("Markers cannot be written from outside."));
  }

  @Override
  public Answer handle(Request request) {
    return new Answer.Ready(request.body().getErrorResponse(why));
  }
}
