package io.weft.server.versions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.process.RawClient;
import io.weft.server.process.WeftProcess;
import io.weft.server.versions.VersionedRequest.Expected;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every version of every API that is advertised is answered, in a form that Kafka's own classes
/// read.
class EveryVersionTest {
  private static final String TOPIC = "asked";

  /// For all requests of one version.
  private static final Duration VERSION_MAX = Duration.ofMinutes(3);

  @TempDir static Path folder;

  private static WeftProcess weft;
  private static Map<ApiKeys, VersionedRequest.Questions> questions;

  @BeforeAll
  static void start() throws Exception {
    weft = WeftProcess.dev(folder, "--flush-interval-ms", "20");
    Map<String, Object> settings = Map.of("bootstrap.servers", weft.address());
    try (Admin admin = Admin.create(settings)) {
      List<NewTopic> topics = new ArrayList<>();
      topics.add(new NewTopic(TOPIC, 3, (short) 3).configs(Map.of("retention.ms", "3600000")));
      IntStream.rangeClosed(0, ApiKeys.DELETE_TOPICS.latestVersion())
          .forEach(v -> topics.add(new NewTopic(AdminQuestions.DOOMED + v, 1, (short) 1)));
      admin.createTopics(topics).all().get();
      Uuid id = admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC).topicId();
      int node = admin.describeCluster().nodes().get().iterator().next().id();
      questions = new EnumMap<>(ApiKeys.class);
      questions.putAll(new RecordQuestions(TOPIC, id).all());
      questions.putAll(new TransactionQuestions(TOPIC).all());
      questions.putAll(new AdminQuestions(TOPIC, id, node).all());
      questions.putAll(new GroupQuestions(TOPIC, id).all());
      questions.putAll(SettingQuestions.all());
      questions.putAll(new ShareQuestions(TOPIC).all());
      questions.putAll(new ClusterQuestions(TOPIC, node).all());
    }
    try (KafkaProducer<byte[], byte[]> producer =
        new BoundedProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < 3; i++) {
        byte[] value = "some value".getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(TOPIC, 0, null, value)).get();
      }
    }
  }

  @AfterAll
  static void stop() {
    weft.close();
  }

  @TestFactory
  Stream<DynamicTest> isAnswered() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (ApiVersion range : advertised()) {
      ApiKeys key = ApiKeys.forId(range.apiKey());
      for (int version = range.minVersion(); version <= range.maxVersion(); version++) {
        if (key.isVersionSupported((short) version)) {
          short asked = (short) version;
          tests.add(
              DynamicTest.dynamicTest(
                  key + " " + version,
                  () ->
                      assertTimeoutPreemptively(
                          VERSION_MAX, () -> askAll(key, asked), "not every request is answered")));
        }
      }
    }
    return tests.stream();
  }

  private static List<ApiVersion> advertised() throws Exception {
    try (RawClient client = new RawClient(weft.port())) {
      ApiVersionsResponse response =
          (ApiVersionsResponse) client.ask(new ApiVersionsRequest.Builder().build());
      return List.copyOf(response.data().apiKeys());
    }
  }

  private static void askAll(ApiKeys key, short version) throws Exception {
    assertThat(questions).containsKey(key);
    try (RawClient client = new RawClient(weft.port())) {
      for (VersionedRequest request : questions.get(key).of(version)) {
        AbstractResponse response = client.ask(key, version, request.request());
        Set<Errors> errors = response.errorCounts().keySet();
        String conversation = request.request() + " -> " + response;
        switch (request.expected()) {
          case Expected.SUCCESS -> assertThat(errors).as(conversation).isSubsetOf(Errors.NONE);
          case Expected.ERROR ->
              assertThat(errors).as(conversation).anyMatch(error -> error != Errors.NONE);
          case Expected.ANY ->
              assertThat(errors).as(conversation).doesNotContain(Errors.UNKNOWN_SERVER_ERROR);
        }
      }
    }
  }
}
