package io.weft.server.badinput;

import io.weft.server.clients.Deadline;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.requests.AlterClientQuotasRequest;
import org.apache.kafka.common.requests.AlterClientQuotasResponse;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.DescribeClientQuotasRequest;
import org.apache.kafka.common.requests.DescribeClientQuotasResponse;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.apache.kafka.common.requests.DescribeClusterResponse;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/// What is said of settings that nobody got wrong: value, type, where it is from, what else it
/// could be from. The topic `plain` exists.
final class DescribedRows {
  private static final String WEEK = "604800000";
  private static final String MAX = Long.toString(Long.MAX_VALUE);

  private DescribedRows() {}

  static List<Row> all() {
    return List.of(
        // What Kafka's brokers have by another unit has no synonym.
        topic("retention.ms", WEEK + " LONG default"),
        topic("segment.ms", WEEK + " LONG default"),
        topic("flush.ms", MAX + " LONG default"),
        topic("segment.jitter.ms", "0 LONG default"),
        topic("max.message.bytes", "1048588 INT default message.max.bytes=1048588:default"),
        topic("cleanup.policy", "delete LIST default log.cleanup.policy=delete:default"),
        topic(
            "message.timestamp.after.max.ms",
            "3600000 LONG topic message.timestamp.after.max.ms=3600000:topic"
                + " log.message.timestamp.after.max.ms=3600000:default"),
        fixed("delete.topic.enable", "true BOOLEAN", "true"),
        fixed("fetch.max.bytes", "57671680 INT", "57671680"),
        fixed("transaction.max.timeout.ms", "900000 INT", "900000"),
        fixed("log.retention.hours", "168 INT", "168"),
        fixed("group.consumer.session.timeout.ms", "45000 INT", "45000"),
        fixed("num.partitions", "1 INT", "1"),
        fixed("offsets.retention.minutes", "10080 INT", "10080"),
        fixed("max.incremental.fetch.session.cache.slots", "1000 INT", "1000"),
        broker("broker.rack", "null STRING default read-only"),
        broker("log.retention.minutes", "null INT default read-only"),
        broker("node.id", "ID INT static read-only node.id=ID:static"),
        broker(
            "advertised.listeners",
            "PLAINTEXT://127.0.0.1:PORT LIST static read-only"
                + " advertised.listeners=PLAINTEXT://127.0.0.1:PORT:static"),
        broker("num.io.threads", "8 INT default num.io.threads=8:default"),
        // Weft takes it for topics only.
        Row.differs(
            "broker's log.retention.ms",
            "null LONG default",
            "null LONG default read-only",
            t -> described(t, ConfigResource.Type.BROKER, id(t), "log.retention.ms")),
        Row.same(
            "delete records of a topic with no policy", "NONE(0) 0", DescribedRows::withoutPolicy),
        Row.same("a quota's entity", "client-id,user", DescribedRows::entity),
        Row.same("a topic's creation", "NONE(0) null", DescribedRows::creation));
  }

  private static Row topic(String name, String answer) {
    return Row.same(
        "topic's " + name, answer, t -> described(t, ConfigResource.Type.TOPIC, "plain", name));
  }

  private static Row broker(String name, String answer) {
    return Row.same(
        "broker's " + name, answer, t -> described(t, ConfigResource.Type.BROKER, id(t), name));
  }

  /// One that nobody has set, and nobody can while the broker runs.
  private static Row fixed(String name, String valueAndType, String value) {
    return broker(name, "%s default read-only %s=%s:default".formatted(valueAndType, name, value));
  }

  private static String id(Target target) throws Exception {
    return target.answer(
        new DescribeClusterRequest.Builder(new DescribeClusterRequestData()).build((short) 0),
        response ->
            Integer.toString(
                ((DescribeClusterResponse) response)
                    .data()
                    .brokers()
                    .iterator()
                    .next()
                    .brokerId()));
  }

  private static String described(
      Target target, ConfigResource.Type type, String resource, String name) throws Exception {
    DescribeConfigsRequestData data =
        new DescribeConfigsRequestData()
            .setIncludeSynonyms(true)
            .setResources(
                List.of(
                    new DescribeConfigsResource()
                        .setResourceType(type.id())
                        .setResourceName(resource)
                        .setConfigurationKeys(List.of(name))));
    String told =
        target.answer(
            new DescribeConfigsRequest.Builder(data).build((short) 4),
            response -> text(((DescribeConfigsResponse) response).data().results().getFirst()));
    return type == ConfigResource.Type.TOPIC
        ? told
        : told.replace(":" + target.port(), ":PORT")
            .replaceAll("^%s INT static".formatted(resource), "ID INT static")
            .replace("node.id=" + resource, "node.id=ID");
  }

  private static String text(DescribeConfigsResult result) {
    if (result.configs().size() != 1) {
      return "%d settings, %s".formatted(result.configs().size(), Target.name(result.errorCode()));
    }
    DescribeConfigsResourceResult config = result.configs().getFirst();
    String synonyms =
        config.synonyms().stream()
            .map(each -> " %s=%s:%s".formatted(each.name(), each.value(), source(each.source())))
            .collect(Collectors.joining());
    return "%s %s %s%s%s%s"
        .formatted(
            config.value(),
            type(config.configType()),
            source(config.configSource()),
            config.readOnly() ? " read-only" : "",
            config.documentation() == null ? "" : " '" + config.documentation() + "'",
            synonyms);
  }

  private static String type(byte id) {
    return Stream.of(ConfigType.values())
        .filter(each -> each.id() == id)
        .map(ConfigType::name)
        .findFirst()
        .orElse("type " + id);
  }

  private static String source(byte id) {
    return switch (ConfigSource.forId(id)) {
      case TOPIC_CONFIG -> "topic";
      case DEFAULT_CONFIG -> "default";
      case STATIC_BROKER_CONFIG -> "static";
      default -> ConfigSource.forId(id).name().toLowerCase(Locale.ROOT);
    };
  }

  private static String withoutPolicy(Target target) throws Exception {
    target.createTopic("no-policy", 1, Map.of("cleanup.policy", ""));
    return DeleteRecordsRows.delete(target, "no-policy", 0, 0);
  }

  private static String creation(Target target) throws Exception {
    CreateTopicsRequestData data =
        new CreateTopicsRequestData()
            .setTimeoutMs(10_000)
            .setTopics(
                new CreatableTopicCollection(
                    List.of(
                            new CreatableTopic()
                                .setName("created")
                                .setNumPartitions(1)
                                .setReplicationFactor((short) 1))
                        .iterator()));
    return target.answer(
        new CreateTopicsRequest.Builder(data).build((short) 7),
        response -> {
          CreatableTopicResult told =
              ((CreateTopicsResponse) response).data().topics().iterator().next();
          return Target.name(told.errorCode()) + " " + told.errorMessage();
        });
  }

  private static String entity(Target target) throws Exception {
    AlterClientQuotasRequestData data =
        new AlterClientQuotasRequestData()
            .setEntries(
                List.of(
                    new AlterClientQuotasRequestData.EntryData()
                        .setEntity(
                            List.of(
                                new AlterClientQuotasRequestData.EntityData()
                                    .setEntityType("user")
                                    .setEntityName("both"),
                                new AlterClientQuotasRequestData.EntityData()
                                    .setEntityType("client-id")
                                    .setEntityName("both")))
                        .setOps(
                            List.of(
                                new AlterClientQuotasRequestData.OpData()
                                    .setKey("producer_byte_rate")
                                    .setValue(5)))));
    String altered =
        target.answer(
            new AlterClientQuotasRequest(data, (short) 1),
            response ->
                Target.name(
                    ((AlterClientQuotasResponse) response)
                        .data()
                        .entries()
                        .getFirst()
                        .errorCode()));
    if (!altered.equals("NONE(0)")) {
      return "not altered: " + altered;
    }
    DescribeClientQuotasRequestData asked =
        new DescribeClientQuotasRequestData()
            .setComponents(
                List.of(
                    new DescribeClientQuotasRequestData.ComponentData()
                        .setEntityType("user")
                        .setMatchType((byte) 0)
                        .setMatch("both")));
    // A real Kafka shows it some time after it has said that it is altered.
    String shown;
    Deadline deadline = Deadline.usual();
    do {
      deadline.check("the quota that was set is not shown");
      shown =
          target.answer(
              new DescribeClientQuotasRequest(asked, (short) 1),
              response ->
                  ((DescribeClientQuotasResponse) response)
                      .data().entries().stream()
                          .flatMap(entry -> entry.entity().stream())
                          .map(part -> part.entityType())
                          .collect(Collectors.joining(",")));
    } while (shown.isEmpty());
    return shown;
  }
}
