package io.weft.server.badinput;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/// Wrong settings, quotas, credentials and questions about the cluster. The topic `plain` exists.
final class SettingRows {
  private static final String OK = "NONE(0)";
  private static final String BAD_REQUEST = "INVALID_REQUEST(42)";
  private static final String BAD_CONFIG = "INVALID_CONFIG(40)";
  private static final String BAD_CREDENTIAL = "UNACCEPTABLE_CREDENTIAL(93)";
  private static final byte SET = OpType.SET.id();

  private SettingRows() {}

  static List<Row> all() {
    return Stream.of(resources(), quotas(), credentials(), cluster())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Row> resources() {
    ConfigResource.Type group = ConfigResource.Type.GROUP;
    ConfigResource.Type metrics = ConfigResource.Type.CLIENT_METRICS;
    ConfigResource.Type broker = ConfigResource.Type.BROKER;
    String timeout = "consumer.session.timeout.ms";
    return List.of(
        config("group ''", BAD_REQUEST, group, "", timeout, "50000"),
        config("group setting unknown", BAD_CONFIG, group, "g", "no.such", "1"),
        config("group setting no number", BAD_CONFIG, group, "g", timeout, "soon"),
        config("group setting too small", BAD_CONFIG, group, "g", timeout, "5"),
        config("group setting too large", BAD_CONFIG, group, "g", timeout, "5000000"),
        config("group setting", OK, group, "g", timeout, "50000"),
        config("client metrics ''", BAD_REQUEST, metrics, "", "interval.ms", "5000"),
        config("client metrics unknown", BAD_REQUEST, metrics, "m", "no.such", "1"),
        config("client metrics no number", BAD_CONFIG, metrics, "m", "interval.ms", "soon"),
        config("client metrics too often", BAD_REQUEST, metrics, "m", "interval.ms", "5"),
        config("client metrics match", BAD_CONFIG, metrics, "m", "match", "planet=x"),
        config("client metrics pattern", BAD_CONFIG, metrics, "m", "match", "client_id=["),
        config("read-only", BAD_REQUEST, broker, "", "num.partitions", "2"),
        config("no number", BAD_REQUEST, broker, "", "log.cleaner.threads", "many"),
        config("broker x", BAD_REQUEST, broker, "x", "log.cleaner.threads", "2"),
        config("dynamic", OK, broker, "", "log.cleaner.threads", "2"),
        Row.differs(
            "unknown setting of brokers",
            OK,
            BAD_REQUEST,
            t -> alter(t, broker.id(), "", SET, "no.such", "1")),
        Row.differs(
            "unknown operation",
            "UNKNOWN_SERVER_ERROR(-1)",
            BAD_REQUEST,
            t -> alter(t, group.id(), "g", (byte) 9, timeout, "1")),
        Row.same("null value", BAD_REQUEST, t -> alter(t, group.id(), "g", SET, timeout, null)),
        Row.same(
            "list type 77",
            "UNSUPPORTED_VERSION(35)",
            t ->
                ask(
                    t,
                    ApiKeys.LIST_CONFIG_RESOURCES,
                    1,
                    new ListConfigResourcesRequestData().setResourceTypes(List.of((byte) 77)))));
  }

  private static Row config(
      String what,
      String answer,
      ConfigResource.Type type,
      String name,
      String setting,
      String value) {
    return Row.same(what, answer, t -> alter(t, type.id(), name, SET, setting, value));
  }

  private static String alter(
      Target target, byte type, String name, byte operation, String setting, String value)
      throws Exception {
    var settings = new IncrementalAlterConfigsRequestData.AlterableConfigCollection();
    settings.add(
        new IncrementalAlterConfigsRequestData.AlterableConfig()
            .setName(setting)
            .setConfigOperation(operation)
            .setValue(value));
    var resources = new IncrementalAlterConfigsRequestData.AlterConfigsResourceCollection();
    resources.add(
        new IncrementalAlterConfigsRequestData.AlterConfigsResource()
            .setResourceType(type)
            .setResourceName(name)
            .setConfigs(settings));
    return ask(
        target,
        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
        1,
        new IncrementalAlterConfigsRequestData().setResources(resources));
  }

  private static List<Row> quotas() {
    return List.of(
        quota("quota of user ''", BAD_REQUEST, "user", "", "producer_byte_rate", 1),
        quota("entity type unknown", BAD_REQUEST, "planet", "x", "producer_byte_rate", 1),
        quota("quota unknown", BAD_REQUEST, "user", "u", "no_such", 1),
        quota("quota of another type", BAD_REQUEST, "user", "u", "connection_creation_rate", 1),
        quota("quota 0", BAD_REQUEST, "user", "u", "producer_byte_rate", 0),
        quota("quota with a fraction", BAD_REQUEST, "user", "u", "producer_byte_rate", 1.5),
        Row.differs(
            "quota not finite",
            OK,
            BAD_REQUEST,
            t ->
                ask(
                    t,
                    ApiKeys.ALTER_CLIENT_QUOTAS,
                    1,
                    altered("user", "u", "request_percentage", Double.NaN))),
        quota("quota too large", BAD_REQUEST, "ip", "127.0.0.1", "connection_creation_rate", 1e12),
        quota("no address", BAD_REQUEST, "ip", "no address", "connection_creation_rate", 1),
        quota("quota", OK, "user", "u", "producer_byte_rate", 1),
        Row.same(
            "filter type unknown", "UNSUPPORTED_VERSION(35)", t -> filter(t, "planet", 2, null)),
        Row.same("filter type ''", BAD_REQUEST, t -> filter(t, "", 2, null)),
        Row.same("filter match 9", BAD_REQUEST, t -> filter(t, "user", 9, null)),
        Row.same("filter exact without name", BAD_REQUEST, t -> filter(t, "user", 0, null)),
        Row.same("filter default with name", BAD_REQUEST, t -> filter(t, "user", 1, "u")));
  }

  private static Row quota(
      String what, String answer, String type, String name, String key, double value) {
    return Row.same(
        what, answer, t -> ask(t, ApiKeys.ALTER_CLIENT_QUOTAS, 1, altered(type, name, key, value)));
  }

  private static AlterClientQuotasRequestData altered(
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

  private static String filter(Target target, String type, int match, String name)
      throws Exception {
    return ask(
        target,
        ApiKeys.DESCRIBE_CLIENT_QUOTAS,
        1,
        new DescribeClientQuotasRequestData()
            .setComponents(
                List.of(
                    new DescribeClientQuotasRequestData.ComponentData()
                        .setEntityType(type)
                        .setMatchType((byte) match)
                        .setMatch(name))));
  }

  private static List<Row> credentials() {
    return List.of(
        Row.same("credential of user ''", BAD_CREDENTIAL, t -> upsert(t, "", 1, 4_096)),
        Row.same("mechanism 9", "UNSUPPORTED_SASL_MECHANISM(33)", t -> upsert(t, "u", 9, 4_096)),
        Row.same("too few iterations", BAD_CREDENTIAL, t -> upsert(t, "u", 1, 4_095)),
        Row.same("too many iterations", BAD_CREDENTIAL, t -> upsert(t, "u", 1, 16_385)),
        Row.same("delete nobody", "RESOURCE_NOT_FOUND(91)", t -> delete(t, "nobody")),
        Row.same("describe nobody", "RESOURCE_NOT_FOUND(91)", t -> describe(t, "nobody")),
        Row.same("describe twice", "DUPLICATE_RESOURCE(92)", t -> describe(t, "nobody", "nobody")),
        Row.same("upsert", OK, t -> upsert(t, "u", 2, 4_096)));
  }

  private static String upsert(Target target, String user, int mechanism, int iterations)
      throws Exception {
    byte[] bytes = "bytes".getBytes(StandardCharsets.UTF_8);
    return ask(
        target,
        ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
        0,
        new AlterUserScramCredentialsRequestData()
            .setUpsertions(
                List.of(
                    new AlterUserScramCredentialsRequestData.ScramCredentialUpsertion()
                        .setName(user)
                        .setMechanism((byte) mechanism)
                        .setIterations(iterations)
                        .setSalt(bytes)
                        .setSaltedPassword(bytes))));
  }

  private static String delete(Target target, String user) throws Exception {
    return ask(
        target,
        ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
        0,
        new AlterUserScramCredentialsRequestData()
            .setDeletions(
                List.of(
                    new AlterUserScramCredentialsRequestData.ScramCredentialDeletion()
                        .setName(user)
                        .setMechanism((byte) 1))));
  }

  private static String describe(Target target, String... users) throws Exception {
    return ask(
        target,
        ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
        0,
        new DescribeUserScramCredentialsRequestData()
            .setUsers(
                Arrays.stream(users)
                    .map(
                        user ->
                            new DescribeUserScramCredentialsRequestData.UserName().setName(user))
                    .toList()));
  }

  private static List<Row> cluster() {
    return List.of(
        Row.same("elect", "ELECTION_NOT_NEEDED(84)", t -> elect(t, "plain")),
        Row.same("elect nowhere", "UNKNOWN_TOPIC_OR_PARTITION(3)", t -> elect(t, "nope")),
        Row.same(
            "unregister nobody",
            "BROKER_ID_NOT_REGISTERED(102)",
            t ->
                ask(
                    t,
                    ApiKeys.UNREGISTER_BROKER,
                    0,
                    new UnregisterBrokerRequestData().setBrokerId(1_000_000))),
        Row.same("feature unknown", "INVALID_UPDATE_VERSION(95)", t -> level(t, "no.such", 1)),
        Row.same(
            "feature level too high",
            "INVALID_UPDATE_VERSION(95)",
            t -> level(t, "metadata.version", 1_000)),
        Row.same("create an ACL", "SECURITY_DISABLED(54)", SettingRows::createAcl));
  }

  private static String elect(Target target, String topic) throws Exception {
    var topics = new ElectLeadersRequestData.TopicPartitionsCollection();
    topics.add(
        new ElectLeadersRequestData.TopicPartitions().setTopic(topic).setPartitions(List.of(0)));
    return ask(
        target,
        ApiKeys.ELECT_LEADERS,
        2,
        new ElectLeadersRequestData().setTopicPartitions(topics).setTimeoutMs(10_000));
  }

  private static String level(Target target, String feature, int level) throws Exception {
    var updates = new UpdateFeaturesRequestData.FeatureUpdateKeyCollection();
    updates.add(
        new UpdateFeaturesRequestData.FeatureUpdateKey()
            .setFeature(feature)
            .setMaxVersionLevel((short) level)
            .setUpgradeType((byte) 1));
    return ask(
        target,
        ApiKeys.UPDATE_FEATURES,
        2,
        new UpdateFeaturesRequestData().setFeatureUpdates(updates).setTimeoutMs(10_000));
  }

  private static String createAcl(Target target) throws Exception {
    return ask(
        target,
        ApiKeys.CREATE_ACLS,
        3,
        new CreateAclsRequestData()
            .setCreations(
                List.of(
                    new CreateAclsRequestData.AclCreation()
                        .setResourceType((byte) 2)
                        .setResourceName("t")
                        .setResourcePatternType((byte) 3)
                        .setPrincipal("User:alice")
                        .setHost("*")
                        .setOperation((byte) 3)
                        .setPermissionType((byte) 3))));
  }

  /// The errors of the answer, those of its parts if there are any, without NONE beside others.
  private static String ask(Target target, ApiKeys api, int version, ApiMessage request)
      throws Exception {
    return target.talk(
        client -> {
          List<Errors> errors =
              client.ask(api, (short) version, request).errorCounts().keySet().stream()
                  .filter(error -> error != Errors.NONE)
                  .toList();
          return errors.isEmpty()
              ? OK
              : String.join(
                  ",", errors.stream().map(error -> Target.name(error.code())).sorted().toList());
        });
  }
}
