package io.weft.simulation.cluster;

import io.weft.environment.Pending;
import io.weft.simulation.fault.Fault;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/// A client's connection to one agent: the client's end. Answers come in the order of requests,
/// until it breaks. Used by the threads of one client, and by the network.
public final class ClientLink {
  private final Network network;
  private final Network.Lane there;
  private final Network.Lane back;
  private final String clientId;
  private final Inbox<ByteBuffer> requests = new Inbox<>();
  private final Deque<Sent> sent = new ArrayDeque<>();
  private int correlations;
  private boolean broken;

  ClientLink(Network network, String clientId) {
    this.network = network;
    this.there = network.lane();
    this.back = network.lane();
    this.clientId = clientId;
  }

  /// The connection is lost: the request may or may not have been done.
  public static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Lost() {
      super("connection lost", null, false, false);
    }
  }

  private record Sent(RequestHeader header, Pending<AbstractResponse> answer, OpenCall call) {}

  public boolean isBroken() {
    return broken;
  }

  /// Sends a request without waiting.
  ///
  /// @return the answer to come, which is [Lost] if the connection breaks before it
  public Pending<AbstractResponse> send(AbstractRequest request) {
    return send(request, true);
  }

  /// @param answered false for requests that get no answer (produce with acks=0)
  public Pending<AbstractResponse> send(AbstractRequest request, boolean answered) {
    Pending<AbstractResponse> answer = new Pending<>();
    if (broken) {
      answer.fail(new Lost());
      return answer;
    }
    RequestHeader header =
        new RequestHeader(request.apiKey(), request.version(), clientId, correlations++);
    ByteBuffer bytes = request.serializeWithHeader(header);
    if (answered) {
      OpenCall call = new OpenCall(request.apiKey());
      sent.add(new Sent(header, answer, call));
      network.calls().accept(call);
    }
    if (network.weather().strikes(Fault.REQUEST_LOST)) {
      there.carry(this::breakOff);
    } else {
      there.carry(() -> requests.put(bytes));
    }
    return answer;
  }

  /// Breaks the connection: from either side, or by the network.
  public void breakOff() {
    broken = true;
    requests.breakOff();
    while (!sent.isEmpty()) {
      Sent lost = sent.poll();
      lost.call().close();
      lost.answer().fail(new Lost());
    }
  }

  /// What was sent and is not answered yet, in order.
  List<ApiKeys> open() {
    return sent.stream().map(each -> each.call().api()).toList();
  }

  /// What the agent reads.
  Inbox<ByteBuffer> requests() {
    return requests;
  }

  /// The agent has closed it.
  void closedThere() {
    back.carry(this::breakOff);
  }

  /// The agent has written an answer.
  void answer(ByteBuffer frame) {
    if (network.weather().strikes(Fault.ANSWER_LOST)) {
      back.carry(this::breakOff);
    } else {
      back.carry(() -> arrived(frame));
    }
  }

  private void arrived(ByteBuffer frame) {
    Sent first = sent.poll();
    if (first != null) {
      first.call().close();
      // Skips the length, and checks that it answers that request.
      frame.getInt();
      first.answer().complete(AbstractResponse.parseResponse(frame, first.header()));
    }
  }
}
