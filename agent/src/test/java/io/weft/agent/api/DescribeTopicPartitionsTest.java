package io.weft.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;
import org.apache.kafka.common.requests.DescribeTopicPartitionsResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescribeTopicPartitionsTest {
  private final TestApi api = new TestApi();

  @BeforeEach
  void createSome() {
    List.of("a", "b", "c")
        .forEach(
            name ->
                api.controlPlane.create(
                    new NewTopic(new TopicId(1, name.charAt(0)), name, 5, (short) 3, Map.of())));
  }

  private DescribeTopicPartitionsResponseData ask(DescribeTopicPartitionsRequestData data)
      throws InterruptedException {
    return ((DescribeTopicPartitionsResponse)
            api.ask(new DescribeTopicPartitionsRequest(data, (short) 0)))
        .data();
  }

  private static DescribeTopicPartitionsRequestData named(String... names) {
    return new DescribeTopicPartitionsRequestData()
        .setTopics(Arrays.stream(names).map(name -> new TopicRequest().setName(name)).toList());
  }

  @Test
  void describesATopic() throws Exception {
    DescribeTopicPartitionsResponseData answer = ask(named("b"));

    var topic = answer.topics().iterator().next();
    assertThat(topic.partitions()).hasSize(5);
    assertThat(topic.partitions().getFirst().replicaNodes()).hasSize(3);
    assertThat(topic.topicAuthorizedOperations()).isPositive();
    assertThat(answer.nextCursor()).isNull();
  }

  @ParameterizedTest(name = "{0} at a time")
  @ValueSource(ints = {1, 2, 5, 7, 10, 14, 15, 100})
  void givesEveryPartitionOnceHoweverManyFitAPage(int limit) throws Exception {
    List<String> seen = new ArrayList<>();
    DescribeTopicPartitionsRequestData asked = named();
    int pages = 0;
    while (asked != null) {
      DescribeTopicPartitionsResponseData page = ask(asked.setResponsePartitionLimit(limit));
      page.topics()
          .forEach(
              topic ->
                  topic
                      .partitions()
                      .forEach(
                          partition -> seen.add(topic.name() + "-" + partition.partitionIndex())));
      var next = page.nextCursor();
      asked =
          next == null
              ? null
              : named()
                  .setCursor(
                      new Cursor()
                          .setTopicName(next.topicName())
                          .setPartitionIndex(next.partitionIndex()));
      pages++;
    }

    assertThat(seen).hasSize(15).doesNotHaveDuplicates().isSorted();
    assertThat(pages).isEqualTo((15 + limit - 1) / limit);
  }

  @Test
  void knowsWhatIsNotThere() throws Exception {
    assertThat(ask(named("u")).topics().iterator().next().errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(ask(named("a b")).topics().iterator().next().errorCode())
        .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
  }

  @Test
  void refusesImpossibleCursors() throws Exception {
    Cursor elsewhere = new Cursor().setTopicName("c").setPartitionIndex(0);
    Cursor negative = new Cursor().setTopicName("a").setPartitionIndex(-1);

    assertThat(ask(named("a").setCursor(elsewhere)).topics().iterator().next().errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
    assertThat(ask(named("a").setCursor(negative)).topics().iterator().next().errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
  }
}
