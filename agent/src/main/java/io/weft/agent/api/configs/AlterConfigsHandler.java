package io.weft.agent.api.configs;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.ApiError;

/// AlterConfigs, the older form: replaces all of a topic's own settings. Thread-safe.
final class AlterConfigsHandler implements ApiHandler {
  private final TopicConfigChange change;

  AlterConfigsHandler(TopicConfigChange change) {
    this.change = change;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ALTER_CONFIGS;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    AlterConfigsRequestData data = ((AlterConfigsRequest) request.body()).data();
    AlterConfigsResponseData answer = new AlterConfigsResponseData();
    Set<List<Object>> twice = Duplicates.in(data.resources(), AlterConfigsHandler::id);
    for (AlterConfigsResource resource : data.resources()) {
      ApiError error =
          twice.contains(id(resource))
              ? new ApiError(Errors.INVALID_REQUEST, "Each resource must appear at most once.")
              : changed(resource, data.validateOnly());
      answer
          .responses()
          .add(
              new AlterConfigsResourceResponse()
                  .setResourceType(resource.resourceType())
                  .setResourceName(resource.resourceName())
                  .setErrorCode(error.error().code())
                  .setErrorMessage(error.message()));
    }
    return new Answer.Ready(new AlterConfigsResponse(answer));
  }

  private static List<Object> id(AlterConfigsResource resource) {
    return List.of(resource.resourceType(), resource.resourceName());
  }

  private ApiError changed(AlterConfigsResource resource, boolean validateOnly)
      throws InterruptedException {
    Optional<String> flaw = flaw(resource);
    if (flaw.isPresent()) {
      return new ApiError(Errors.INVALID_REQUEST, flaw.get());
    }
    return change.make(
        resource.resourceType(),
        resource.resourceName(),
        own -> replace(own, resource),
        validateOnly);
  }

  private static void replace(Map<String, String> own, AlterConfigsResource resource) {
    own.clear();
    resource.configs().forEach(config -> own.put(config.name(), config.value()));
  }

  private static Optional<String> flaw(AlterConfigsResource resource) {
    Set<String> names = new HashSet<>();
    for (AlterableConfig config : resource.configs()) {
      if (!names.add(config.name())) {
        return Optional.of("Error due to duplicate config keys");
      }
      if (config.value() == null) {
        return Optional.of("Null value not supported for : " + config.name());
      }
    }
    return Optional.empty();
  }
}
