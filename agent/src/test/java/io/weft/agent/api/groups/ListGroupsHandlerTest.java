package io.weft.agent.api.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.api.ApiSettings;
import io.weft.agent.api.TestApi;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.memory.ByteBudget;
import io.weft.agent.network.Answer;
import io.weft.agent.network.ClientConnection;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.state.DirectPort;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.model.OpaqueBytes;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that ask every agent for its groups and put the answers together get each once.
class ListGroupsHandlerTest {
  private static final short VERSION = 5;
  private static final List<String> GROUPS =
      IntStream.range(0, 200).mapToObj(i -> "group-" + i).toList();

  private final DirectPort controlPlane = new DirectPort();

  private List<String> listed(int agent, String clientId) throws InterruptedException {
    ListGroupsHandler handler =
        new ListGroupsHandler(
            _ ->
                OpaqueBytes.of(
                    MessageUtil.byteBufferToArray(
                        MessageUtil.toByteBufferAccessor(
                                new ListGroupsResponseData()
                                    .setGroups(
                                        GROUPS.stream()
                                            .map(id -> new ListedGroup().setGroupId(id))
                                            .toList()),
                                VERSION)
                            .buffer())),
            new LiveCatalog(controlPlane.as(TopicCatalog.class)),
            () -> new AgentId(agent));
    Request request =
        new Request(
            new RequestHeader(ApiKeys.LIST_GROUPS, VERSION, clientId, 1),
            new ListGroupsRequest.Builder(new ListGroupsRequestData()).build(VERSION),
            new ClientConnection(1, InetAddress.getLoopbackAddress(), 9092),
            new ByteBudget(1_000_000).acquire(1));
    Answer.Later later = (Answer.Later) handler.handle(request);
    Answer.Ready ready = (Answer.Ready) later.answer().await();
    return ((ListGroupsResponseData) ready.response().data())
        .groups().stream().map(ListedGroup::groupId).toList();
  }

  private Map<String, Integer> coordinators(String clientId) throws InterruptedException {
    TestApi api = new TestApi(controlPlane, ApiSettings.DEFAULTS, Environment.system());
    FindCoordinatorRequest request =
        new FindCoordinatorRequest.Builder(
                new FindCoordinatorRequestData().setKeyType((byte) 0).setCoordinatorKeys(GROUPS))
            .build((short) 4);
    Map<String, Integer> found = new TreeMap<>();
    ((FindCoordinatorResponse) api.ask(request, clientId))
        .coordinators()
        .forEach(each -> found.put(each.key(), each.nodeId()));
    return found;
  }

  @ParameterizedTest
  @ValueSource(strings = {"admin", "admin,weft_az=b"})
  void eachGroupIsListedByItsCoordinatorAlone(String clientId) throws InterruptedException {
    controlPlane.addAgent(0, "a", "localhost", 9092);
    controlPlane.addAgent(1, "b", "localhost", 9093);
    controlPlane.addAgent(2, "b", "localhost", 9094);
    Map<String, Integer> coordinators = coordinators(clientId);
    List<String> all = new ArrayList<>();
    for (int agent = 0; agent < 3; agent++) {
      int self = agent;
      List<String> listed = listed(agent, clientId);
      assertThat(listed).allMatch(group -> coordinators.get(group) == self);
      all.addAll(listed);
    }
    assertThat(all).containsExactlyInAnyOrderElementsOf(GROUPS);
  }

  @Test
  void oneAgentListsAll() throws InterruptedException {
    controlPlane.addAgent(0, "", "localhost", 9092);
    assertThat(listed(0, "admin")).isEqualTo(GROUPS);
  }
}
