package io.weft.agent.api.cluster;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ClusterFeatures;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.UpdateFeaturesRequest;
import org.apache.kafka.common.requests.UpdateFeaturesRequest.FeatureUpdateItem;
import org.apache.kafka.common.requests.UpdateFeaturesResponse;

/// UpdateFeatures: the level that a feature already has is accepted, and no other: features come
/// and go with the software. Stateless.
final class UpdateFeaturesHandler implements ApiHandler {
  @Override
  public ApiKeys key() {
    return ApiKeys.UPDATE_FEATURES;
  }

  @Override
  public Answer handle(Request request) {
    UpdateFeaturesRequest body = (UpdateFeaturesRequest) request.body();
    Map<String, Short> levels = ClusterFeatures.finalized();
    Set<String> names = new TreeSet<>();
    Optional<String> flaw = Optional.empty();
    for (FeatureUpdateItem update : body.featureUpdates()) {
      names.add(update.feature());
      flaw = flaw.or(() -> flaw(levels, update));
    }
    ApiError error =
        flaw.map(
                message ->
                    new ApiError(
                        Errors.INVALID_UPDATE_VERSION,
                        "The update failed for all features since the following feature had an"
                            + " error: "
                            + message))
            .orElse(ApiError.NONE);
    return new Answer.Ready(UpdateFeaturesResponse.createWithErrors(error, names, 0));
  }

  private static Optional<String> flaw(Map<String, Short> levels, FeatureUpdateItem update) {
    String asked =
        "Invalid update version %d for feature %s. "
            .formatted(update.versionLevel(), update.feature());
    Short level = levels.get(update.feature());
    if (level == null) {
      return Optional.of(asked + "There is no such feature here.");
    }
    return level == update.versionLevel()
        ? Optional.empty()
        : Optional.of(asked + "It is at level " + level + ", the only one this software has.");
  }
}
