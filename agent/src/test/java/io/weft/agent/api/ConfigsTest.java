package io.weft.agent.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.rules.TopicRules;
import io.weft.controlplane.state.DirectPort;
import io.weft.environment.Environment;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// DescribeConfigs, IncrementalAlterConfigs and AlterConfigs.
class ConfigsTest {
  private static final byte TOPIC = 2;
  private static final byte BROKER = 4;
  private static final byte GROUP = 32;

  private final DirectPort controlPlane = TestApi.oneAgent();
  private final TestApi api =
      new TestApi(
          controlPlane,
          new ApiSettings(true, 1, (short) 1, Map.of("num.partitions", "1")),
          Environment.system());

  @BeforeEach
  void createOne() {
    controlPlane.create(
        new NewTopic(new TopicId(7, 8), "t", 1, (short) 1, Map.of("retention.ms", "1000")));
  }

  private DescribeConfigsResult describe(int version, byte type, String name, String... keys)
      throws InterruptedException {
    DescribeConfigsResource resource =
        new DescribeConfigsResource()
            .setResourceType(type)
            .setResourceName(name)
            .setConfigurationKeys(keys.length == 0 ? null : List.of(keys));
    DescribeConfigsRequestData data =
        new DescribeConfigsRequestData()
            .setIncludeSynonyms(true)
            .setIncludeDocumentation(version >= 3)
            .setResources(List.of(resource));
    DescribeConfigsRequest request =
        new DescribeConfigsRequest.Builder(data).build((short) version);
    return ((DescribeConfigsResponse) api.ask(request)).data().results().getFirst();
  }

  private static AlterableConfig change(OpType operation, String name, String value) {
    return new AlterableConfig().setConfigOperation(operation.id()).setName(name).setValue(value);
  }

  private Errors alter(byte type, String name, boolean validateOnly, AlterableConfig... changes)
      throws InterruptedException {
    AlterConfigsResource resource =
        new AlterConfigsResource().setResourceType(type).setResourceName(name);
    for (AlterableConfig change : changes) {
      resource.configs().add(change);
    }
    IncrementalAlterConfigsRequestData data =
        new IncrementalAlterConfigsRequestData().setValidateOnly(validateOnly);
    data.resources().add(resource);
    IncrementalAlterConfigsRequest request =
        new IncrementalAlterConfigsRequest.Builder(data).build((short) 1);
    return Errors.forCode(
        ((IncrementalAlterConfigsResponse) api.ask(request))
            .data()
            .responses()
            .getFirst()
            .errorCode());
  }

  private Errors alterTopic(AlterableConfig... changes) throws InterruptedException {
    return alter(TOPIC, "t", false, changes);
  }

  private Errors replace(String name, Map<String, String> settings) throws InterruptedException {
    AlterConfigsRequestData.AlterConfigsResource resource =
        new AlterConfigsRequestData.AlterConfigsResource()
            .setResourceType(TOPIC)
            .setResourceName(name);
    settings.forEach(
        (key, value) ->
            resource
                .configs()
                .add(new AlterConfigsRequestData.AlterableConfig().setName(key).setValue(value)));
    AlterConfigsRequestData data = new AlterConfigsRequestData();
    data.resources().add(resource);
    AlterConfigsResponse response =
        (AlterConfigsResponse) api.ask(new AlterConfigsRequest(data, (short) 2));
    return Errors.forCode(response.data().responses().getFirst().errorCode());
  }

  private Map<String, String> settings() {
    return api.catalog.fresh().topic("t").orElseThrow().settings();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void describesATopicsOwnSettingWithItsDefault(int version) throws Exception {
    DescribeConfigsResourceResult config =
        describe(version, TOPIC, "t", "retention.ms").configs().getFirst();

    assertThat(config.value()).isEqualTo("1000");
    assertThat(config.configSource()).isEqualTo((byte) 1);
    // Brokers of Kafka have it by the hour: that is no synonym.
    assertThat(config.synonyms()).extracting(each -> each.name()).containsExactly("retention.ms");
    assertThat(config.readOnly()).isFalse();
    if (version >= 3) {
      assertThat(config.configType()).isEqualTo((byte) 5);
      assertThat(config.documentation()).isNotBlank();
    }
  }

  @Test
  void describesAllSettingsOfATopic() throws Exception {
    List<DescribeConfigsResourceResult> configs = describe(4, TOPIC, "t").configs();

    assertThat(configs)
        .extracting(DescribeConfigsResourceResult::name)
        .contains("cleanup.policy", "max.message.bytes", "message.timestamp.type")
        .doesNotContain("internal.segment.bytes");
    assertThat(configs)
        .filteredOn(config -> config.name().equals("cleanup.policy"))
        .extracting(DescribeConfigsResourceResult::value)
        .containsExactly("delete");
  }

  @Test
  void describesThisAgentAndNoOther() throws Exception {
    assertThat(describe(4, BROKER, "0").configs())
        .filteredOn(DescribeConfigsResourceResult::readOnly)
        .extracting(DescribeConfigsResourceResult::name)
        .contains("num.partitions", "node.id", "advertised.listeners", "message.max.bytes")
        .doesNotContain("log.dirs", "num.io.threads", "group.max.size");
    assertThat(describe(4, BROKER, "").configs()).isEmpty();
    assertThat(describe(4, BROKER, "1").errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
  }

  @Test
  void describesNothingThatIsNotThere() throws Exception {
    assertThat(describe(4, TOPIC, "u").errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(describe(4, TOPIC, "a b").errorCode())
        .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
    assertThat(describe(4, (byte) 77, "x").errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
  }

  @Test
  void setsAndDeletes() throws Exception {
    assertThat(alterTopic(change(OpType.SET, "max.message.bytes", "2000"))).isEqualTo(Errors.NONE);
    assertThat(alterTopic(change(OpType.DELETE, "retention.ms", null))).isEqualTo(Errors.NONE);

    assertThat(settings()).containsExactly(Map.entry("max.message.bytes", "2000"));
  }

  @Test
  void aBatchMayBeAsLargeAsItsSettingSaysOrTheSettingIsRefused() throws Exception {
    assertThat(alterTopic(change(OpType.SET, "max.message.bytes", "100000000")))
        .isEqualTo(Errors.NONE);
    assertThat(alterTopic(change(OpType.SET, "max.message.bytes", "100000001")))
        .isEqualTo(Errors.INVALID_CONFIG);
    assertThat(settings()).containsEntry("max.message.bytes", "100000000");
  }

  @Test
  void whatWasTakenOnceAboveTheMaximumStays() {
    Map<String, String> before = Map.of("max.message.bytes", "2147483647");

    assertThat(
            TopicRules.flaw(before, Map.of("max.message.bytes", "2147483647", "retention.ms", "5")))
        .isEmpty();
    assertThat(TopicRules.flaw(Map.of(), before))
        .hasValueSatisfying(flaw -> assertThat(flaw).contains("max.message.bytes", "100000000"));
  }

  @Test
  void describesWhatAnotherReleaseHasKeptAsItIs() throws Exception {
    controlPlane.create(
        new NewTopic(
            new TopicId(7, 9),
            "kept",
            1,
            (short) 1,
            Map.of("compression.type", "newest", "of.a.newer.release", "x", "retention.ms", "5")));

    assertThat(describe(4, TOPIC, "kept").configs())
        .filteredOn(
            config ->
                config.configSource() == DescribeConfigsResponse.ConfigSource.TOPIC_CONFIG.id())
        .extracting(DescribeConfigsResourceResult::name, DescribeConfigsResourceResult::value)
        .containsExactlyInAnyOrder(
            tuple("compression.type", "newest"),
            tuple("of.a.newer.release", "x"),
            tuple("retention.ms", "5"));
    assertThat(alter(TOPIC, "kept", false, change(OpType.SET, "retention.ms", "6")))
        .isEqualTo(Errors.NONE);
    assertThat(alter(TOPIC, "kept", false, change(OpType.DELETE, "of.a.newer.release", null)))
        .isEqualTo(Errors.NONE);
    assertThat(describe(4, TOPIC, "kept", "of.a.newer.release").configs()).isEmpty();
  }

  @Test
  void whatAnotherReleaseHasKeptOfAGroupDoesNotBlockOtherChanges() throws Exception {
    assertThat(
            controlPlane
                .as(ResourceSettings.class)
                .configure(
                    ResourceSettings.Kind.GROUP,
                    "g",
                    0,
                    Map.of("of.a.newer.release", "x", "consumer.session.timeout.ms", "much")))
        .isEqualTo(ResourceSettings.ConfigureOutcome.CONFIGURED);

    assertThat(
            alter(GROUP, "g", false, change(OpType.SET, "consumer.heartbeat.interval.ms", "5000")))
        .isEqualTo(Errors.NONE);
    assertThat(alter(GROUP, "g", false, change(OpType.SET, "another.name", "5000")))
        .isEqualTo(Errors.INVALID_CONFIG);
  }

  @Test
  void describesTheStandardOfTheLargestRecord() throws Exception {
    assertThat(describe(4, TOPIC, "t").configs())
        .filteredOn(config -> config.name().equals("max.decompressed.message.bytes"))
        .extracting(DescribeConfigsResourceResult::value)
        .containsExactly("134217728");
  }

  @Test
  void appendsToAListAndSubtractsFromIt() throws Exception {
    assertThat(alterTopic(change(OpType.APPEND, "cleanup.policy", "compact")))
        .isEqualTo(Errors.NONE);
    assertThat(settings()).containsEntry("cleanup.policy", "delete,compact");

    assertThat(alterTopic(change(OpType.SUBTRACT, "cleanup.policy", "delete")))
        .isEqualTo(Errors.NONE);
    assertThat(settings()).containsEntry("cleanup.policy", "compact");
  }

  @Test
  void doesNotAppendToANumber() throws Exception {
    assertThat(alterTopic(change(OpType.APPEND, "retention.ms", "5")))
        .isEqualTo(Errors.INVALID_CONFIG);
  }

  @Test
  void refusesAKeyGivenTwiceAndNullValues() throws Exception {
    // Sent as two entries of one name, which the collection of a request may hold.
    assertThat(
            alterTopic(
                change(OpType.SET, "retention.ms", "5"),
                change(OpType.DELETE, "retention.ms", null)))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(alterTopic(change(OpType.SET, "retention.ms", null)))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(
            alterTopic(
                new AlterableConfig()
                    .setConfigOperation((byte) 9)
                    .setName("retention.ms")
                    .setValue("5")))
        .isEqualTo(Errors.INVALID_REQUEST);
  }

  @Test
  void changesNothingWhenItOnlyValidates() throws Exception {
    assertThat(alter(TOPIC, "t", true, change(OpType.SET, "retention.ms", "5")))
        .isEqualTo(Errors.NONE);
    assertThat(alter(TOPIC, "t", true, change(OpType.SET, "retention.ms", "x")))
        .isEqualTo(Errors.INVALID_CONFIG);

    assertThat(settings()).containsEntry("retention.ms", "1000");
  }

  @Test
  void refusesUnknownTopicsA26AndBadValuesA27AndUnknownTypesA28() throws Exception {
    assertThat(replace("u", Map.of())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(replace("t", Map.of("retention.ms", "x"))).isEqualTo(Errors.INVALID_CONFIG);
    assertThat(alter((byte) 77, "x", false, change(OpType.SET, "a", "b")))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(alter(TOPIC, "u", false, change(OpType.SET, "retention.ms", "5")))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  @Test
  void replacesAllOfATopicsSettings() throws Exception {
    assertThat(replace("t", Map.of("max.message.bytes", "2000"))).isEqualTo(Errors.NONE);

    assertThat(settings()).containsExactly(Map.entry("max.message.bytes", "2000"));
  }

  @Test
  void refusesToChangeAgents() throws Exception {
    assertThat(alter(BROKER, "0", false, change(OpType.SET, "num.partitions", "5")))
        .isEqualTo(Errors.INVALID_REQUEST);
  }

  @Test
  void whatIsSetOfAllAgentsIsWhatATopicHasThatDoesNotSay() throws Exception {
    assertThat(alter(BROKER, "", false, change(OpType.SET, "log.segment.bytes", "2000000")))
        .isEqualTo(Errors.NONE);
    assertThat(alter(BROKER, "", false, change(OpType.SET, "log.roll.ms", "5000000")))
        .isEqualTo(Errors.NONE);

    assertThat(sources("segment.bytes"))
        .containsExactly("log.segment.bytes=2000000:3", "log.segment.bytes=1073741824:5");
    assertThat(sources("segment.ms")).containsExactly("log.roll.ms=5000000:3");
    assertThat(describe(4, TOPIC, "t", "segment.ms").configs().getFirst().value())
        .isEqualTo("5000000");

    assertThat(alterTopic(change(OpType.SET, "segment.ms", "7000000"))).isEqualTo(Errors.NONE);
    assertThat(sources("segment.ms"))
        .containsExactly("segment.ms=7000000:1", "log.roll.ms=5000000:3");
  }

  private List<String> sources(String name) throws InterruptedException {
    return describe(4, TOPIC, "t", name).configs().getFirst().synonyms().stream()
        .map(each -> "%s=%s:%d".formatted(each.name(), each.value(), each.source()))
        .toList();
  }
}
