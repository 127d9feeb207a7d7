package io.weft.server.versions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Questions to the APIs about quotas, credentials and what has settings.
final class SettingQuestions {
  private SettingQuestions() {}

  static Map<ApiKeys, VersionedRequest.Questions> all() {
    Map<ApiKeys, VersionedRequest.Questions> all = new EnumMap<>(ApiKeys.class);
    all.put(ApiKeys.DESCRIBE_CLIENT_QUOTAS, SettingQuestions::quotas);
    all.put(ApiKeys.ALTER_CLIENT_QUOTAS, SettingQuestions::quotaChanges);
    all.put(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, SettingQuestions::credentials);
    all.put(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, SettingQuestions::credentialChanges);
    all.put(ApiKeys.LIST_CONFIG_RESOURCES, SettingQuestions::resources);
    return all;
  }

  private static List<VersionedRequest> quotas(short version) {
    return List.of(
        VersionedRequest.good(new DescribeClientQuotasRequestData()),
        VersionedRequest.good(filtered("user", 0, "alice")),
        VersionedRequest.good(filtered("client-id", 1, null).setStrict(true)),
        VersionedRequest.good(filtered("ip", 2, null)),
        VersionedRequest.wrong(filtered("user", 1, "alice")),
        VersionedRequest.wrong(filtered("user", 9, null)),
        VersionedRequest.wrong(filtered("planet", 2, null)),
        VersionedRequest.wrong(filtered("", 2, null)));
  }

  private static DescribeClientQuotasRequestData filtered(String type, int match, String name) {
    return new DescribeClientQuotasRequestData()
        .setComponents(
            List.of(
                new DescribeClientQuotasRequestData.ComponentData()
                    .setEntityType(type)
                    .setMatchType((byte) match)
                    .setMatch(name)));
  }

  private static List<VersionedRequest> quotaChanges(short version) {
    return List.of(
        VersionedRequest.good(
            quota("user", "u" + version, "producer_byte_rate", 5).setValidateOnly(true)),
        VersionedRequest.good(quota("user", "u" + version, "producer_byte_rate", 5)),
        VersionedRequest.good(quota("ip", "127.0.0.1", "connection_creation_rate", 5)),
        VersionedRequest.wrong(quota("ip", "not an address", "connection_creation_rate", 5)),
        VersionedRequest.wrong(quota("user", "", "producer_byte_rate", 5)),
        VersionedRequest.wrong(quota("user", "u", "no_such_quota", 5)),
        VersionedRequest.wrong(quota("user", "u", "producer_byte_rate", -5)),
        VersionedRequest.wrong(quota("planet", "u", "producer_byte_rate", 5)));
  }

  private static AlterClientQuotasRequestData quota(
      String type, String name, String key, double value) {
    return new AlterClientQuotasRequestData()
        .setEntries(
            List.of(
                new AlterClientQuotasRequestData.EntryData()
                    .setEntity(
                        List.of(
                            new AlterClientQuotasRequestData.EntityData()
                                .setEntityType(type)
                                .setEntityName(name)))
                    .setOps(
                        List.of(
                            new AlterClientQuotasRequestData.OpData()
                                .setKey(key)
                                .setValue(value)))));
  }

  private static List<VersionedRequest> credentials(short version) {
    return List.of(
        VersionedRequest.good(new DescribeUserScramCredentialsRequestData().setUsers(null)),
        VersionedRequest.wrong(
            new DescribeUserScramCredentialsRequestData()
                .setUsers(
                    List.of(
                        new DescribeUserScramCredentialsRequestData.UserName()
                            .setName("nobody")))));
  }

  private static List<VersionedRequest> credentialChanges(short version) {
    return List.of(
        VersionedRequest.good(credential("alice", 1, 4_096)),
        VersionedRequest.wrong(credential("alice", 1, 4_095)),
        VersionedRequest.wrong(credential("alice", 1, 16_385)),
        VersionedRequest.wrong(credential("alice", 9, 4_096)),
        VersionedRequest.wrong(credential("", 1, 4_096)),
        VersionedRequest.wrong(
            new AlterUserScramCredentialsRequestData()
                .setDeletions(
                    List.of(
                        new AlterUserScramCredentialsRequestData.ScramCredentialDeletion()
                            .setName("nobody")
                            .setMechanism((byte) 1)))));
  }

  private static AlterUserScramCredentialsRequestData credential(
      String user, int mechanism, int iterations) {
    return new AlterUserScramCredentialsRequestData()
        .setUpsertions(
            List.of(
                new AlterUserScramCredentialsRequestData.ScramCredentialUpsertion()
                    .setName(user)
                    .setMechanism((byte) mechanism)
                    .setIterations(iterations)
                    .setSalt("salt".getBytes(StandardCharsets.UTF_8))
                    .setSaltedPassword("salted".getBytes(StandardCharsets.UTF_8))));
  }

  private static List<VersionedRequest> resources(short version) {
    List<VersionedRequest> asks = new ArrayList<>();
    asks.add(VersionedRequest.good(new ListConfigResourcesRequestData()));
    if (version >= 1) {
      for (ConfigResource.Type type : ConfigResource.Type.values()) {
        ListConfigResourcesRequestData asked =
            new ListConfigResourcesRequestData().setResourceTypes(List.of(type.id()));
        asks.add(
            type == ConfigResource.Type.UNKNOWN
                ? VersionedRequest.wrong(asked)
                : VersionedRequest.good(asked));
      }
    }
    return asks;
  }
}
