package io.weft.controlplane.groups;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.StateSnapshot;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.part.Step;
import io.weft.environment.Environment;
import io.weft.model.Invariant;
import io.weft.model.OpaqueBytes;
import io.weft.model.TopicId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;

/// Groups in one turn after the other, without a leader around them: what they throw, a leader
/// would have died of.
final class LedRig implements GroupStep {
  private static final long WAIT_MS = 600_000;

  final ControlPlaneState state;
  private final LedGroups groups;
  private final Environment environment;
  private final List<StateRecord> records = new ArrayList<>();

  private LedRig(ControlPlaneState state, Map<String, String> settings, Environment environment) {
    this.state = state;
    this.environment = environment;
    this.groups =
        new LedGroups(state, catalog(state), settings, ShareStates.NONE, environment, () -> {});
    groups.begin(this);
    settle();
  }

  /// With a topic `t` of four partitions.
  static LedRig fresh(Map<String, String> settings, Environment environment) {
    ControlPlaneState state = new ControlPlaneState();
    state.found("cluster", 0);
    NewTopic topic = new NewTopic(new TopicId(1, 2), "t", 4, (short) 1, Map.of());
    state
        .in(new Step(state.timeMs(), new ArrayList<>(), ChangeListener.NONE))
        .as(TopicCatalog.class)
        .create(topic);
    return new LedRig(state, settings, environment);
  }

  /// As the next leader would find everything.
  LedRig reloaded(Map<String, String> settings) {
    WireWriter out = new WireWriter();
    StateSnapshot.write(state, out);
    return new LedRig(StateSnapshot.read(new WireReader(out.toByteArray())), settings, environment);
  }

  private static Catalog catalog(ControlPlaneState state) {
    return state.catalog().all();
  }

  /// Where an answer goes.
  static final class Reply implements GroupReply {
    private final GroupRequest request;
    private Optional<OpaqueBytes> bytes = Optional.empty();
    private Optional<RuntimeException> refused = Optional.empty();

    Reply(GroupRequest request) {
      this.request = request;
    }

    @Override
    public void answer(OpaqueBytes response) {
      Invariant.check(bytes.isEmpty() && refused.isEmpty(), "a second answer");
      bytes = Optional.of(response);
    }

    @Override
    public void fail(RuntimeException why) {
      Invariant.check(bytes.isEmpty() && refused.isEmpty(), "a second answer");
      refused = Optional.of(why);
    }

    @Override
    public boolean isAbandoned() {
      return false;
    }

    boolean isRefused() {
      return refused.isPresent();
    }

    /// Empty while there is no response, or none that fitted.
    Optional<AbstractResponse> response() {
      return bytes.map(
          there ->
              AbstractResponse.parseResponse(
                  ApiKeys.forId(request.apiKey()),
                  new ByteBufferAccessor(ByteBuffer.wrap(there.array())),
                  request.version()));
    }
  }

  Reply ask(ApiMessage message, int version) {
    return ask(
        message.apiKey(),
        version,
        MessageUtil.byteBufferToArray(
            MessageUtil.toByteBufferAccessor(message, (short) version).buffer()),
        "client");
  }

  Reply ask(short api, int version, byte[] body, String clientId) {
    GroupRequest request =
        new GroupRequest(
            api,
            (short) version,
            new GroupRequest.Client(clientId, "127.0.0.1", "User:A"),
            WAIT_MS,
            OpaqueBytes.of(body));
    Reply reply = new Reply(request);
    groups.in(this);
    try {
      groups.ask(request, reply);
    } catch (ControlPlaneException.Rejected e) {
      Invariant.check(records.isEmpty(), "a rejected request left records");
      reply.fail(e);
    }
    settle();
    return reply;
  }

  void runDue() {
    groups.in(this);
    groups.runDue();
    settle();
  }

  private void settle() {
    groups.settle(records);
    records.clear();
  }

  @Override
  public long nowMs() {
    return Math.max(state.timeMs(), environment.clock().wallMs());
  }

  private Step step() {
    return new Step(nowMs(), records, ChangeListener.NONE);
  }

  @Override
  public void write(StateRecord row) {
    state.in(step()).make(row);
  }

  @Override
  public Outcome stageOffsets(
      String transactionalId, ProducerEpoch producer, String group, boolean addsItself) {
    return new Outcome.Done(producer);
  }

  @Override
  public CreateOutcome createTopic(NewTopic topic) {
    return state.in(step()).as(TopicCatalog.class).create(topic);
  }
}
