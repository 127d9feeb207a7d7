package io.weft.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.api.cluster.ClusterHandlers;
import io.weft.agent.api.configs.ConfigHandlers;
import io.weft.agent.api.credentials.CredentialHandlers;
import io.weft.agent.api.quotas.QuotaHandlers;
import io.weft.agent.api.topics.TopicHandlers;
import io.weft.agent.api.transactions.TransactionHandlers;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.memory.ByteBudget;
import io.weft.agent.network.Answer;
import io.weft.agent.network.ClientConnection;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.state.DirectPort;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/// The API of one agent over a control plane in memory, asked without a network. Each request and
/// each answer is serialised and parsed again, so that what a version cannot say is not said.
public final class TestApi {
  public final DirectPort controlPlane;
  public final LiveCatalog catalog;
  public final KafkaApi api;
  private long connection = 1;

  /// With one agent, number 0, without a zone.
  public TestApi() {
    this(oneAgent(), ApiSettings.DEFAULTS, Environment.system());
  }

  public TestApi(DirectPort controlPlane, ApiSettings settings, Environment environment) {
    this.controlPlane = controlPlane;
    this.catalog = new LiveCatalog(controlPlane.as(TopicCatalog.class));
    Supplier<AgentId> self = () -> new AgentId(0);
    List<ApiHandler> handlers = new ArrayList<>();
    handlers.addAll(
        TopicHandlers.of(
            catalog,
            controlPlane.as(TopicCatalog.class),
            controlPlane.as(ExtentIndex.class),
            self,
            environment,
            settings));
    handlers.addAll(
        ConfigHandlers.of(
            catalog,
            controlPlane.as(TopicCatalog.class),
            controlPlane.as(ResourceSettings.class),
            self,
            environment,
            settings));
    handlers.addAll(
        ClusterHandlers.of(
            catalog, controlPlane.as(Quorum.class), controlPlane.as(Membership.class), self));
    handlers.addAll(QuotaHandlers.of(controlPlane.as(ClientQuotas.class), environment));
    handlers.addAll(CredentialHandlers.of(controlPlane.as(ScramCredentials.class), environment));
    handlers.addAll(
        TransactionHandlers.of(
            catalog,
            controlPlane.as(Transactions.class),
            controlPlane.as(Producers.class),
            self,
            settings));
    this.api = new KafkaApi(DirectPort.CLUSTER_ID, handlers);
  }

  public static DirectPort oneAgent() {
    DirectPort controlPlane = new DirectPort();
    controlPlane.addAgent(0, "", "localhost", 9092);
    return controlPlane;
  }

  /// Requests come on this connection from now on.
  public void useConnection(long number) {
    connection = number;
  }

  public Answer answer(AbstractRequest request, String clientId) throws InterruptedException {
    RequestHeader header = new RequestHeader(request.apiKey(), request.version(), clientId, 1);
    AbstractRequest parsed =
        AbstractRequest.parseRequest(request.apiKey(), request.version(), request.serialize())
            .request;
    return api.handle(
        new Request(
            header,
            parsed,
            new ClientConnection(connection, InetAddress.getLoopbackAddress(), 9092),
            new ByteBudget(1_000_000).acquire(1)));
  }

  /// Asks, and checks that the answer can be said in the request's version.
  public AbstractResponse ask(AbstractRequest request, String clientId)
      throws InterruptedException {
    Answer answer = answer(request, clientId);
    assertThat(answer).isInstanceOf(Answer.Ready.class);
    AbstractResponse response = ((Answer.Ready) answer).response();
    ByteBuffer bytes =
        MessageUtil.toByteBufferAccessor(response.data(), request.version()).buffer();
    return AbstractResponse.parseResponse(
        request.apiKey(), new ByteBufferAccessor(bytes), request.version());
  }

  public AbstractResponse ask(AbstractRequest request) throws InterruptedException {
    return ask(request, "test");
  }
}
