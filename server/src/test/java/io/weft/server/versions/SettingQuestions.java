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

  static Map<ApiKeys, Ask.Questions> all() {
    Map<ApiKeys, Ask.Questions> all = new EnumMap<>(ApiKeys.class);
    all.put(ApiKeys.DESCRIBE_CLIENT_QUOTAS, SettingQuestions::quotas);
    all.put(ApiKeys.ALTER_CLIENT_QUOTAS, SettingQuestions::quotaChanges);
    all.put(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, SettingQuestions::credentials);
    all.put(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, SettingQuestions::credentialChanges);
    all.put(ApiKeys.LIST_CONFIG_RESOURCES, SettingQuestions::resources);
    return all;
  }

  private static List<Ask> quotas(short version) {
    return List.of(
        Ask.good(new DescribeClientQuotasRequestData()),
        Ask.good(filtered("user", 0, "alice")),
        Ask.good(filtered("client-id", 1, null).setStrict(true)),
        Ask.good(filtered("ip", 2, null)),
        Ask.wrong(filtered("user", 1, "alice")),
        Ask.wrong(filtered("user", 9, null)),
        Ask.wrong(filtered("planet", 2, null)),
        Ask.wrong(filtered("", 2, null)));
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

  private static List<Ask> quotaChanges(short version) {
    return List.of(
        Ask.good(quota("user", "u" + version, "producer_byte_rate", 5).setValidateOnly(true)),
        Ask.good(quota("user", "u" + version, "producer_byte_rate", 5)),
        Ask.good(quota("ip", "127.0.0.1", "connection_creation_rate", 5)),
        Ask.wrong(quota("ip", "not an address", "connection_creation_rate", 5)),
        Ask.wrong(quota("user", "", "producer_byte_rate", 5)),
        Ask.wrong(quota("user", "u", "no_such_quota", 5)),
        Ask.wrong(quota("user", "u", "producer_byte_rate", -5)),
        Ask.wrong(quota("planet", "u", "producer_byte_rate", 5)));
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

  private static List<Ask> credentials(short version) {
    return List.of(
        Ask.good(new DescribeUserScramCredentialsRequestData().setUsers(null)),
        Ask.wrong(
            new DescribeUserScramCredentialsRequestData()
                .setUsers(
                    List.of(
                        new DescribeUserScramCredentialsRequestData.UserName()
                            .setName("nobody")))));
  }

  private static List<Ask> credentialChanges(short version) {
    return List.of(
        Ask.good(credential("alice", 1, 4_096)),
        Ask.wrong(credential("alice", 1, 4_095)),
        Ask.wrong(credential("alice", 1, 16_385)),
        Ask.wrong(credential("alice", 9, 4_096)),
        Ask.wrong(credential("", 1, 4_096)),
        Ask.wrong(
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

  private static List<Ask> resources(short version) {
    List<Ask> asks = new ArrayList<>();
    asks.add(Ask.good(new ListConfigResourcesRequestData()));
    if (version >= 1) {
      for (ConfigResource.Type type : ConfigResource.Type.values()) {
        ListConfigResourcesRequestData asked =
            new ListConfigResourcesRequestData().setResourceTypes(List.of(type.id()));
        asks.add(type == ConfigResource.Type.UNKNOWN ? Ask.wrong(asked) : Ask.good(asked));
      }
    }
    return asks;
  }
}
