package io.weft.agent.api.configs;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.ApiError;

/// AlterConfigs, the older form: replaces all of a resource's own settings. Thread-safe.
final class AlterConfigsHandler implements ApiHandler {
  private final ConfigChanges changes;

  AlterConfigsHandler(ConfigChanges changes) {
    this.changes = changes;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ALTER_CONFIGS;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    AlterConfigsRequestData data = ((AlterConfigsRequest) request.body()).data();
    List<RequestedChange> asked = new ArrayList<>();
    data.resources().forEach(resource -> asked.add(change(resource)));
    List<ApiError> errors = changes.make(asked, data.validateOnly());
    AlterConfigsResponseData answer = new AlterConfigsResponseData();
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
    return new Answer.Ready(new AlterConfigsResponse(answer));
  }

  private static RequestedChange change(AlterConfigsResource resource) {
    List<RequestedChange.Step> steps = new ArrayList<>();
    resource
        .configs()
        .forEach(
            config ->
                steps.add(
                    new RequestedChange.Step(config.name(), OpType.SET.id(), config.value())));
    return new RequestedChange(resource.resourceType(), resource.resourceName(), true, steps);
  }
}
