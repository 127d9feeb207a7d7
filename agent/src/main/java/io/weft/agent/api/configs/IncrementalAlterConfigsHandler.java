package io.weft.agent.api.configs;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;

/// IncrementalAlterConfigs (KIP-339): sets, deletes, appends to and subtracts from single settings.
/// Thread-safe.
final class IncrementalAlterConfigsHandler implements ApiHandler {
  private final ConfigChanges changes;

  IncrementalAlterConfigsHandler(ConfigChanges changes) {
    this.changes = changes;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    IncrementalAlterConfigsRequestData data =
        ((IncrementalAlterConfigsRequest) request.body()).data();
    List<RequestedChange> asked = new ArrayList<>();
    data.resources().forEach(resource -> asked.add(change(resource)));
    List<ApiError> errors = changes.make(asked, data.validateOnly());
    IncrementalAlterConfigsResponseData answer = new IncrementalAlterConfigsResponseData();
    for (int i = 0; i < asked.size(); i++) {
      answer
          .responses()
          .add(
              new AlterConfigsResourceResponse()
                  .setResourceType(asked.get(i).resourceType())
                  .setResourceName(asked.get(i).name())
                  .setErrorCode(errors.get(i).error().code())
                  .setErrorMessage(errors.get(i).message()));
    }
    return new Answer.Ready(new IncrementalAlterConfigsResponse(answer));
  }

  private static RequestedChange change(AlterConfigsResource resource) {
    List<RequestedChange.Step> steps = new ArrayList<>();
    resource
        .configs()
        .forEach(
            config ->
                steps.add(
                    new RequestedChange.Step(
                        config.name(), config.configOperation(), config.value())));
    return new RequestedChange(resource.resourceType(), resource.resourceName(), false, steps);
  }
}
