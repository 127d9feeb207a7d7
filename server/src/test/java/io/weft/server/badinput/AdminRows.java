package io.weft.server.badinput;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreatePartitionsResponse;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsResponse;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;

/// Requests of administrators, and those that begin a producer or a group. The topic `plain`
/// exists.
final class AdminRows {
  private static final String OK = "NONE(0)";
  private static final String BAD_NAME = "INVALID_TOPIC_EXCEPTION(17)";
  private static final String BAD_REQUEST = "INVALID_REQUEST(42)";

  private AdminRows() {}

  static List<Row> all() {
    return Stream.of(coordinators(), topics(), changes()).flatMap(List::stream).toList();
  }

  private static List<Row> coordinators() {
    return List.of(
        Row.same("coordinator of ''", OK, t -> coordinator(t, "", 0)),
        Row.same("coordinator type 9", BAD_REQUEST, t -> coordinator(t, "g", 9)),
        Row.same("coordinator", OK, t -> coordinator(t, "g", 0)));
  }

  private static List<Row> topics() {
    return List.of(
        Row.same("create ''", BAD_NAME, t -> create(t, topic("", 1, 1))),
        Row.same("create .", BAD_NAME, t -> create(t, topic(".", 1, 1))),
        Row.same("create ..", BAD_NAME, t -> create(t, topic("..", 1, 1))),
        Row.same("create a path", BAD_NAME, t -> create(t, topic("../../x", 1, 1))),
        Row.same("-5 partitions", "INVALID_PARTITIONS(37)", t -> create(t, topic("a9", -5, 1))),
        Row.same(
            "too many partitions", "POLICY_VIOLATION(44)", t -> create(t, topic("a9", 10_001, 1))),
        Row.same("factor 0", "INVALID_REPLICATION_FACTOR(38)", t -> create(t, topic("a10", 1, 0))),
        Row.differs(
            "factor 3, one node",
            "INVALID_REPLICATION_FACTOR(38)",
            OK,
            t -> create(t, topic("a11", 1, 3))),
        Row.same(
            "one name twice", BAD_REQUEST, t -> create(t, topic("a12", 1, 1), topic("a12", 2, 1))),
        Row.same(
            "wrong setting",
            "INVALID_CONFIG(40)",
            t -> create(t, configured("a14", "retention.ms", "soon"))),
        Row.same(
            "null setting",
            "INVALID_CONFIG(40)",
            t -> create(t, configured("a15", "retention.ms", null))),
        Row.same("collision, first", OK, t -> create(t, topic("col.lide", 1, 1))),
        Row.same("collision, second", BAD_NAME, t -> create(t, topic("col_lide", 1, 1))),
        Row.differs(
            "an internal topic",
            "TOPIC_ALREADY_EXISTS(36)",
            BAD_NAME,
            t -> create(t, topic("__consumer_offsets", 1, 1))));
  }

  private static List<Row> changes() {
    return List.of(
        Row.same("delete twice", BAD_REQUEST, t -> delete(t, "plain", "plain")),
        Row.same("as many partitions", "INVALID_PARTITIONS(37)", t -> grow(t, "plain", 1)),
        Row.same(
            "alter unknown topic",
            "UNKNOWN_TOPIC_OR_PARTITION(3)",
            t -> alter(t, ConfigResource.Type.TOPIC.id(), "nope", "retention.ms", "1000")),
        Row.same(
            "alter wrongly",
            "INVALID_CONFIG(40)",
            t -> alter(t, ConfigResource.Type.TOPIC.id(), "plain", "retention.ms", "soon")),
        Row.same(
            "alter type 77",
            BAD_REQUEST,
            t -> alter(t, (byte) 77, "plain", "retention.ms", "1000")),
        Row.same("transactional id ''", BAD_REQUEST, t -> producer(t, "", 60_000)),
        Row.same(
            "transaction timeout 0", "INVALID_TRANSACTION_TIMEOUT(50)", t -> producer(t, "x", 0)),
        Row.same(
            "transaction timeout 1 h",
            "INVALID_TRANSACTION_TIMEOUT(50)",
            t -> producer(t, "x", 3_600_000)));
  }

  private static CreatableTopic topic(String name, int partitions, int factor) {
    return new CreatableTopic()
        .setName(name)
        .setNumPartitions(partitions)
        .setReplicationFactor((short) factor);
  }

  private static CreatableTopic configured(String name, String key, String value) {
    CreatableTopicConfigCollection settings = new CreatableTopicConfigCollection();
    settings.add(new CreatableTopicConfig().setName(key).setValue(value));
    return topic(name, 1, 1).setConfigs(settings);
  }

  private static String create(Target target, CreatableTopic... topics) throws Exception {
    CreatableTopicCollection all = new CreatableTopicCollection();
    for (CreatableTopic topic : topics) {
      all.mustAdd(topic);
    }
    CreateTopicsRequest request =
        new CreateTopicsRequest(
            new CreateTopicsRequestData().setTopics(all).setTimeoutMs(10_000), (short) 3);
    return target.answer(
        request,
        r ->
            ((CreateTopicsResponse) r)
                .data().topics().stream()
                    .map(topic -> Target.name(topic.errorCode()))
                    .distinct()
                    .collect(Collectors.joining(",")));
  }

  private static String delete(Target target, String... names) throws Exception {
    DeleteTopicsRequest request =
        new DeleteTopicsRequest.Builder(
                new DeleteTopicsRequestData().setTopicNames(List.of(names)).setTimeoutMs(10_000))
            .build((short) 3);
    return target.answer(
        request,
        r ->
            ((DeleteTopicsResponse) r)
                .data().responses().stream()
                    .map(topic -> Target.name(topic.errorCode()))
                    .distinct()
                    .collect(Collectors.joining(",")));
  }

  private static String grow(Target target, String name, int count) throws Exception {
    var topics = new CreatePartitionsRequestData.CreatePartitionsTopicCollection();
    topics.add(
        new CreatePartitionsRequestData.CreatePartitionsTopic().setName(name).setCount(count));
    CreatePartitionsRequest request =
        new CreatePartitionsRequest.Builder(
                new CreatePartitionsRequestData().setTopics(topics).setTimeoutMs(10_000))
            .build((short) 1);
    return target.answer(
        request,
        r -> Target.name(((CreatePartitionsResponse) r).data().results().getFirst().errorCode()));
  }

  private static String alter(Target target, byte type, String name, String key, String value)
      throws Exception {
    var settings = new AlterConfigsRequestData.AlterableConfigCollection();
    settings.add(new AlterConfigsRequestData.AlterableConfig().setName(key).setValue(value));
    var resources = new AlterConfigsRequestData.AlterConfigsResourceCollection();
    resources.add(
        new AlterConfigsRequestData.AlterConfigsResource()
            .setResourceType(type)
            .setResourceName(name)
            .setConfigs(settings));
    AlterConfigsRequest request =
        new AlterConfigsRequest(new AlterConfigsRequestData().setResources(resources), (short) 1);
    return target.answer(
        request,
        r -> Target.name(((AlterConfigsResponse) r).data().responses().getFirst().errorCode()));
  }

  static String coordinator(Target target, String key, int type) throws Exception {
    FindCoordinatorRequest request =
        new FindCoordinatorRequest.Builder(
                new FindCoordinatorRequestData().setKey(key).setKeyType((byte) type))
            .build((short) 2);
    return target.talk(
        client ->
            Transactor.settled(
                () ->
                    Target.name(
                        ((FindCoordinatorResponse) client.ask(request)).data().errorCode())));
  }

  private static String producer(Target target, String id, int timeoutMs) throws Exception {
    // The request's own builder refuses what is to be sent here.
    InitProducerIdRequest request =
        InitProducerIdRequest.parse(
            MessageUtil.toByteBufferAccessor(
                new InitProducerIdRequestData()
                    .setTransactionalId(id)
                    .setTransactionTimeoutMs(timeoutMs),
                (short) 1),
            (short) 1);
    return target.talk(
        client ->
            Transactor.settled(
                () ->
                    Target.name(
                        ((InitProducerIdResponse) client.ask(request)).data().errorCode())));
  }
}
