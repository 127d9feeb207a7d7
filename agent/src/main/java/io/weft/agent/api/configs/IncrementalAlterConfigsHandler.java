package io.weft.agent.api.configs;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;

/// IncrementalAlterConfigs (KIP-339): sets, deletes, appends to and subtracts from single settings.
/// Thread-safe.
final class IncrementalAlterConfigsHandler implements ApiHandler {
  private final TopicConfigChange change;

  IncrementalAlterConfigsHandler(TopicConfigChange change) {
    this.change = change;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    IncrementalAlterConfigsRequestData data =
        ((IncrementalAlterConfigsRequest) request.body()).data();
    IncrementalAlterConfigsResponseData answer = new IncrementalAlterConfigsResponseData();
    Set<List<Object>> twice = Duplicates.in(data.resources(), IncrementalAlterConfigsHandler::id);
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
    return new Answer.Ready(new IncrementalAlterConfigsResponse(answer));
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
        own -> resource.configs().forEach(config -> apply(config, own)),
        validateOnly);
  }

  private static Optional<String> flaw(AlterConfigsResource resource) {
    Set<String> names = new HashSet<>();
    for (AlterableConfig config : resource.configs()) {
      OpType operation = OpType.forId(config.configOperation());
      if (!names.add(config.name())) {
        return Optional.of("Error due to duplicate config keys");
      }
      if (operation == null) {
        return Optional.of("Unknown operations type " + config.configOperation());
      }
      if (operation != OpType.DELETE && config.value() == null) {
        return Optional.of("Null value not supported for : " + config.name());
      }
    }
    return Optional.empty();
  }

  private static void apply(AlterableConfig config, Map<String, String> own) {
    OpType operation = OpType.forId(config.configOperation());
    switch (operation) {
      case SET -> own.put(config.name(), config.value());
      case DELETE -> own.remove(config.name());
      case APPEND, SUBTRACT -> {
        if (!TopicConfigs.isList(config.name())) {
          throw new InvalidConfigurationException(
              "Can't %s to key %s because its type is not LIST."
                  .formatted(operation, config.name()));
        }
        List<String> parts =
            parts(own.getOrDefault(config.name(), TopicConfigs.defaultValue(config.name())));
        List<String> operands = Arrays.asList(config.value().split(","));
        if (operation == OpType.APPEND) {
          operands.stream().filter(part -> !parts.contains(part)).forEach(parts::add);
        } else {
          operands.forEach(parts::remove);
        }
        own.put(config.name(), String.join(",", parts));
      }
    }
  }

  private static List<String> parts(String list) {
    List<String> parts = new ArrayList<>(Arrays.asList(list.split(",")));
    parts.removeIf(String::isEmpty);
    return parts;
  }
}
