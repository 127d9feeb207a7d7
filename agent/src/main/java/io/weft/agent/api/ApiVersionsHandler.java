package io.weft.agent.api;

import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.protocol.frame.OfferedApis;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;

/// ApiVersions: which APIs there are, in which versions, and which features of the cluster.
/// Immutable.
final class ApiVersionsHandler implements ApiHandler {
  /// Old clients cannot read a feature whose lowest level is 0 (KAFKA-17492).
  private static final short FEATURE_LEVEL_0_VERSION = 4;

  private final String clusterId;
  private final Supplier<OfferedApis> offered;

  ApiVersionsHandler(String clusterId, Supplier<OfferedApis> offered) {
    this.clusterId = clusterId;
    this.offered = offered;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.API_VERSIONS;
  }

  @Override
  public Answer handle(Request request) {
    ApiVersionsRequest body = (ApiVersionsRequest) request.body();
    if (body.hasUnsupportedRequestVersion()) {
      return refused(body, Errors.UNSUPPORTED_VERSION);
    }
    if (!body.isValid()) {
      return refused(body, Errors.INVALID_REQUEST);
    }
    String meant = body.data().clusterId();
    if (meant != null && !meant.equals(clusterId)) {
      // The address the client knew belongs to another cluster now.
      return refused(body, Errors.REBOOTSTRAP_REQUIRED);
    }
    request
        .client()
        .software()
        .say(body.data().clientSoftwareName(), body.data().clientSoftwareVersion());
    return new Answer.Ready(
        new ApiVersionsResponse.Builder()
            .setApiVersions(offered.get().advertised())
            .setSupportedFeatures(ClusterFeatures.supported())
            .setFinalizedFeatures(ClusterFeatures.finalized())
            .setFinalizedFeaturesEpoch(0)
            .setAlterFeatureLevel0(body.version() < FEATURE_LEVEL_0_VERSION)
            .build());
  }

  private static Answer refused(ApiVersionsRequest body, Errors error) {
    return new Answer.Ready(body.getErrorResponse(error.exception()));
  }
}
