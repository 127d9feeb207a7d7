package io.weft.agent.api.quotas;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ControlPlaneCalls;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.ClientQuotas.Entity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntryData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterClientQuotasRequest;
import org.apache.kafka.common.requests.AlterClientQuotasResponse;
import org.apache.kafka.common.requests.ApiError;

/// AlterClientQuotas: sets and removes quotas, each entity's all at once. Thread-safe.
final class AlterClientQuotasHandler implements ApiHandler {
  private static final long RETRY_MS_MAX = 30_000;

  private final ClientQuotas quotas;
  private final ControlPlaneCalls calls;

  AlterClientQuotasHandler(ClientQuotas quotas, ControlPlaneCalls calls) {
    this.quotas = quotas;
    this.calls = calls;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ALTER_CLIENT_QUOTAS;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    AlterClientQuotasRequestData data = ((AlterClientQuotasRequest) request.body()).data();
    Set<Map<String, String>> seen = new HashSet<>();
    Set<Map<String, String>> twice = new HashSet<>();
    Map<Map<String, String>, EntryData> byEntity = new LinkedHashMap<>();
    for (EntryData entry : data.entries()) {
      Map<String, String> named = named(entry);
      if (!seen.add(named)) {
        twice.add(named);
      }
      byEntity.put(named, entry);
    }
    List<AlterClientQuotasResponseData.EntryData> answers = new ArrayList<>();
    for (Map.Entry<Map<String, String>, EntryData> one : byEntity.entrySet()) {
      ApiError error =
          twice.contains(one.getKey())
              ? new ApiError(Errors.INVALID_REQUEST, "An entity must appear at most once.")
              : altered(one.getKey(), one.getValue(), data.validateOnly());
      answers.add(answer(one.getKey(), error));
    }
    return new Answer.Ready(
        new AlterClientQuotasResponse(new AlterClientQuotasResponseData().setEntries(answers)));
  }

  private ApiError altered(Map<String, String> named, EntryData entry, boolean validateOnly)
      throws InterruptedException {
    Map<String, OptionalDouble> changes = new HashMap<>();
    Optional<String> flaw = QuotaRules.flaw(named);
    for (OpData op : entry.ops()) {
      OptionalDouble value = op.remove() ? OptionalDouble.empty() : OptionalDouble.of(op.value());
      if (changes.put(op.key(), value) != null) {
        flaw = flaw.or(() -> Optional.of("Duplicate quota key " + op.key()));
      }
      if (flaw.isEmpty() && value.isPresent()) {
        flaw = QuotaRules.flaw(named, op.key(), value.getAsDouble());
      }
    }
    if (flaw.isPresent()) {
      return new ApiError(Errors.INVALID_REQUEST, flaw.get());
    }
    if (validateOnly) {
      return ApiError.NONE;
    }
    Entity entity = QuotaEntities.of(named);
    return switch (calls.withRetries(RETRY_MS_MAX, () -> quotas.alter(entity, changes))) {
      case ALTERED -> ApiError.NONE;
      case LIMIT_REACHED ->
          new ApiError(Errors.POLICY_VIOLATION, "There are as many quotas as there may be.");
    };
  }

  private static Map<String, String> named(EntryData entry) {
    Map<String, String> named = new HashMap<>();
    entry.entity().forEach(part -> named.put(part.entityType(), part.entityName()));
    return named;
  }

  private static AlterClientQuotasResponseData.EntryData answer(
      Map<String, String> named, ApiError error) {
    List<AlterClientQuotasResponseData.EntityData> parts = new ArrayList<>();
    named.forEach(
        (type, name) ->
            parts.add(
                new AlterClientQuotasResponseData.EntityData()
                    .setEntityType(type)
                    .setEntityName(name)));
    return new AlterClientQuotasResponseData.EntryData()
        .setEntity(parts)
        .setErrorCode(error.error().code())
        .setErrorMessage(error.message());
  }
}
