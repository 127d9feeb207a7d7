package io.weft.agent.api.quotas;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.ClientQuotas.Part;
import io.weft.controlplane.api.admin.ClientQuotas.Quota;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.EntityData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.EntryData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.ValueData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.DescribeClientQuotasRequest;
import org.apache.kafka.common.requests.DescribeClientQuotasResponse;

/// DescribeClientQuotas. Thread-safe.
final class DescribeClientQuotasHandler implements ApiHandler {
  private final ClientQuotas quotas;

  DescribeClientQuotasHandler(ClientQuotas quotas) {
    this.quotas = quotas;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_CLIENT_QUOTAS;
  }

  @Override
  public Answer handle(Request request) {
    DescribeClientQuotasRequest body = (DescribeClientQuotasRequest) request.body();
    QuotaFilter filter;
    try {
      filter = QuotaFilter.of(body.data());
    } catch (ApiException e) {
      return new Answer.Ready(body.getErrorResponse(e));
    }
    List<EntryData> entries = new ArrayList<>();
    for (Quota quota : quotas.read(-1).orElseThrow().quotas()) {
      if (filter.matches(quota.entity())) {
        entries.add(entry(quota));
      }
    }
    return new Answer.Ready(
        new DescribeClientQuotasResponse(
            new DescribeClientQuotasResponseData().setEntries(entries)));
  }

  private static EntryData entry(Quota quota) {
    EntryData entry = new EntryData();
    // In the order that Kafka's answers have: a client's id before its user.
    List<Part> parts =
        quota.entity().parts().stream()
            .sorted(Comparator.comparing(part -> QuotaEntities.name(part.type())))
            .toList();
    for (Part part : parts) {
      entry
          .entity()
          .add(
              new EntityData()
                  .setEntityType(QuotaEntities.name(part.type()))
                  .setEntityName(part.name().orElse(null)));
    }
    quota
        .values()
        .forEach((key, value) -> entry.values().add(new ValueData().setKey(key).setValue(value)));
    return entry;
  }
}
