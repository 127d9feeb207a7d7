package io.weft.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreatePartitionsResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreatePartitionsTest {
  private final TestApi api = new TestApi();

  @BeforeEach
  void createOne() {
    api.controlPlane.create(new NewTopic(new TopicId(7, 8), "t", 3, (short) 1, Map.of()));
  }

  private static CreatePartitionsTopic to(String name, int count) {
    return new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null);
  }

  private List<Errors> errors(int version, boolean validateOnly, CreatePartitionsTopic... topics)
      throws InterruptedException {
    CreatePartitionsRequestData data =
        new CreatePartitionsRequestData().setTimeoutMs(1_000).setValidateOnly(validateOnly);
    for (CreatePartitionsTopic topic : topics) {
      data.topics().add(topic);
    }
    CreatePartitionsRequest request =
        new CreatePartitionsRequest.Builder(data).build((short) version);
    return ((CreatePartitionsResponse) api.ask(request))
        .data().results().stream().map(result -> Errors.forCode(result.errorCode())).toList();
  }

  private int partitions() {
    return api.catalog.fresh().topic("t").orElseThrow().partitions();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void growsATopic(int version) throws Exception {
    assertThat(errors(version, false, to("t", 5))).containsExactly(Errors.NONE);
    assertThat(partitions()).isEqualTo(5);
  }

  @ParameterizedTest(name = "to {0}")
  @ValueSource(ints = {3, 2, 0, -1})
  void refusesWhatIsNotMore(int count) throws Exception {
    assertThat(errors(3, false, to("t", count))).containsExactly(Errors.INVALID_PARTITIONS);
  }

  @ParameterizedTest
  @ValueSource(ints = {10_001, Integer.MAX_VALUE})
  void refusesMoreThanThereMayBe(int count) throws Exception {
    assertThat(errors(3, false, to("t", count))).containsExactly(Errors.POLICY_VIOLATION);
  }

  @Test
  void refusesUnknownTopicsAndNamesGivenTwice() throws Exception {
    assertThat(errors(3, false, to("u", 5))).containsExactly(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(errors(3, false, to("t", 5), to("t", 6))).containsExactly(Errors.INVALID_REQUEST);
    assertThat(partitions()).isEqualTo(3);
  }

  @Test
  void growsNothingWhenItOnlyValidates() throws Exception {
    assertThat(errors(3, true, to("t", 5))).containsExactly(Errors.NONE);
    assertThat(partitions()).isEqualTo(3);
  }

  @Test
  void refusesAnAssignmentThatDoesNotCover() throws Exception {
    CreatePartitionsTopic topic =
        to("t", 5)
            .setAssignments(List.of(new CreatePartitionsAssignment().setBrokerIds(List.of(0))));

    assertThat(errors(3, false, topic)).containsExactly(Errors.INVALID_REPLICA_ASSIGNMENT);
  }
}
