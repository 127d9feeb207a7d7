package io.weft.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeleteTopicsTest {
  private static final Uuid ID = new Uuid(7, 8);

  private final TestApi api = new TestApi();

  @BeforeEach
  void createOne() {
    api.controlPlane.create(new NewTopic(new TopicId(7, 8), "t", 1, (short) 1, Map.of()));
  }

  private List<DeletableTopicResult> delete(int version, DeleteTopicsRequestData data)
      throws InterruptedException {
    DeleteTopicsRequest request =
        new DeleteTopicsRequest.Builder(data.setTimeoutMs(1_000)).build((short) version);
    return List.copyOf(((DeleteTopicsResponse) api.ask(request)).data().responses());
  }

  private static DeleteTopicState byName(String name) {
    return new DeleteTopicState().setName(name);
  }

  private static DeleteTopicState byId(Uuid id) {
    return new DeleteTopicState().setName(null).setTopicId(id);
  }

  private List<Errors> errors(DeleteTopicState... topics) throws InterruptedException {
    return delete(6, new DeleteTopicsRequestData().setTopics(List.of(topics))).stream()
        .map(result -> Errors.forCode(result.errorCode()))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void deletesByNameInOldVersions(int version) throws Exception {
    List<DeletableTopicResult> results =
        delete(version, new DeleteTopicsRequestData().setTopicNames(List.of("t")));

    assertThat(results.getFirst().errorCode()).isZero();
    assertThat(api.catalog.current().topic("t")).isEmpty();
  }

  @Test
  void deletesById() throws Exception {
    assertThat(errors(byId(ID))).containsExactly(Errors.NONE);
    assertThat(api.catalog.fresh().topic("t")).isEmpty();
  }

  @Test
  void refusesNamesGivenTwiceA22() throws Exception {
    assertThat(errors(byName("t"), byName("t"))).containsExactly(Errors.INVALID_REQUEST);
    assertThat(api.catalog.fresh().topic("t")).isPresent();
  }

  @Test
  void refusesATopicGivenByNameAndById() throws Exception {
    assertThat(errors(byName("t"), byId(ID))).containsExactly(Errors.INVALID_REQUEST);
    assertThat(api.catalog.fresh().topic("t")).isPresent();
  }

  @Test
  void refusesNameAndIdTogetherAndNeither() throws Exception {
    assertThat(errors(byName("t").setTopicId(ID), byId(Uuid.ZERO_UUID)))
        .containsExactly(Errors.INVALID_REQUEST, Errors.INVALID_REQUEST);
  }

  @Test
  void knowsWhatIsNotThere() throws Exception {
    assertThat(errors(byName("u"), byId(new Uuid(1, 1))))
        .containsExactlyInAnyOrder(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.UNKNOWN_TOPIC_ID);
  }
}
