package io.weft.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeProducersRequest;
import org.apache.kafka.common.requests.DescribeProducersResponse;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsRequest;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsResponse;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.junit.jupiter.api.Test;

/// Requests that ask for as much as fits into a frame.
class AnswerRowsTest {
  private static final short INVALID = Errors.INVALID_REQUEST.code();
  private static final int TOO_MANY = AnswerRows.ROWS_MAX + 1;

  private final TestApi api = new TestApi();

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "n" + i).toList();
  }

  private List<Coordinator> find(List<String> keys) throws InterruptedException {
    FindCoordinatorRequestData data = new FindCoordinatorRequestData().setCoordinatorKeys(keys);
    return ((FindCoordinatorResponse)
            api.ask(new FindCoordinatorRequest.Builder(data).build((short) 6)))
        .data()
        .coordinators();
  }

  @Test
  void tooManyCoordinatorsAreRefused() throws Exception {
    assertThat(find(names(TOO_MANY)))
        .hasSize(AnswerRows.REFUSED_MAX)
        .allMatch(row -> row.errorCode() == INVALID && row.nodeId() < 0);
    assertThat(find(names(2_000))).hasSize(2_000).allMatch(row -> row.errorCode() == 0);
  }

  @Test
  void aCoordinatorIsNamedOnceHoweverOftenItIsAskedFor() throws Exception {
    List<String> keys = new ArrayList<>(names(TOO_MANY));
    keys.replaceAll(key -> "same");
    assertThat(find(keys)).extracting(Coordinator::key).containsExactly("same");
  }

  private List<DescribeConfigsResult> describe(List<String> topics) throws InterruptedException {
    DescribeConfigsRequestData data =
        new DescribeConfigsRequestData()
            .setResources(
                topics.stream()
                    .map(
                        name ->
                            new DescribeConfigsResource()
                                .setResourceType((byte) 2)
                                .setResourceName(name)
                                .setConfigurationKeys(null))
                    .toList());
    return ((DescribeConfigsResponse)
            api.ask(new DescribeConfigsRequest.Builder(data).build((short) 4)))
        .data()
        .results();
  }

  @Test
  void tooManyDescribedResourcesAreRefused() throws Exception {
    assertThat(describe(names(TOO_MANY)))
        .hasSizeBetween(1, AnswerRows.REFUSED_MAX + 1)
        .allMatch(row -> row.errorCode() == INVALID);
  }

  @Test
  void aResourceIsDescribedOnceHoweverOftenItIsAskedFor() throws Exception {
    List<String> topics = new ArrayList<>(names(TOO_MANY));
    topics.replaceAll(name -> "none");
    assertThat(describe(topics))
        .extracting(DescribeConfigsResult::errorCode)
        .containsExactly(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  @Test
  void moreTopicsThanThereCanBeAreRefused() throws Exception {
    MetadataRequestData data =
        new MetadataRequestData()
            .setAllowAutoTopicCreation(false)
            .setTopics(
                names(TOO_MANY).stream()
                    .map(name -> new MetadataRequestTopic().setName(name))
                    .toList());
    List<MetadataResponseTopic> topics =
        List.copyOf(
            ((MetadataResponse) api.ask(new MetadataRequest(data, (short) 12))).data().topics());
    assertThat(topics)
        .hasSize(AnswerRows.REFUSED_MAX)
        .allMatch(topic -> topic.errorCode() == INVALID);
  }

  @Test
  void tooManyUsersAreRefusedTogether() throws Exception {
    DescribeUserScramCredentialsRequestData data =
        new DescribeUserScramCredentialsRequestData()
            .setUsers(names(TOO_MANY).stream().map(name -> new UserName().setName(name)).toList());
    DescribeUserScramCredentialsResponseData answer =
        ((DescribeUserScramCredentialsResponse)
                api.ask(new DescribeUserScramCredentialsRequest.Builder(data).build((short) 0)))
            .data();
    assertThat(answer.errorCode()).isEqualTo(INVALID);
    assertThat(answer.results()).isEmpty();
  }

  @Test
  void tooManyPartitionsProducersAreRefused() throws Exception {
    DescribeProducersRequestData data = new DescribeProducersRequestData();
    data.topics()
        .add(
            new TopicRequest()
                .setName("t")
                .setPartitionIndexes(IntStream.range(0, TOO_MANY).boxed().toList()));
    List<PartitionResponse> rows =
        ((DescribeProducersResponse)
                api.ask(new DescribeProducersRequest.Builder(data).build((short) 0)))
            .data()
            .topics()
            .getFirst()
            .partitions();
    assertThat(rows).hasSize(AnswerRows.REFUSED_MAX).allMatch(row -> row.errorCode() == INVALID);
  }
}
