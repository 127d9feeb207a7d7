package io.weft.simulation.cluster;

import io.weft.agent.neighbour.NeighbourLink;
import io.weft.agent.neighbour.NeighbourLink.End;
import io.weft.agent.neighbour.NeighbourLink.Next;
import io.weft.environment.Environment;
import io.weft.simulation.fault.Fault;
import io.weft.simulation.fault.Sight;
import io.weft.simulation.fault.Weather;
import java.util.Optional;
import java.util.function.Consumer;

/// One agent asks another: the asker's end, and the way between them. Messages come in order until
/// it ends; what ends it may come in the middle of an answer.
final class NeighbourCall implements NeighbourLink.Call {
  private final AgentNode asker;
  private final AgentNode owner;
  private final Environment environment;
  private final Consumer<NeighbourCall> closed;
  private final Weather weather;
  private final Network.Lane there;
  private final Network.Lane back;
  private final Inbox<Next> arrived = new Inbox<>();
  private boolean answered;
  private boolean overForAsker;
  private boolean overForOwner;

  /// @param closed is told when the asker wants no more of it
  NeighbourCall(
      Network network,
      AgentNode asker,
      AgentNode owner,
      Environment environment,
      Consumer<NeighbourCall> closed) {
    this.asker = asker;
    this.owner = owner;
    this.environment = environment;
    this.closed = closed;
    this.weather = network.weather();
    this.there = network.lane();
    this.back = network.lane();
  }

  void send(byte[] request) {
    if (weather.strikes(Fault.NEIGHBOUR_REQUEST_LOST)) {
      back.carry(() -> arrived.put(new Next.Ended(End.AWAY)));
    } else {
      carry(there, () -> owner.asked(request, this));
    }
  }

  /// What is on a way that is cut never comes, and neither end hears of it.
  private void carry(Network.Lane lane, Runnable delivery) {
    if (!asker.isCutFromNeighbours() && !owner.isCutFromNeighbours()) {
      lane.carry(delivery);
    }
  }

  @Override
  public Next next(long timeoutMs) throws InterruptedException {
    Optional<Next> next = overForAsker ? Optional.empty() : arrived.take(environment, timeoutMs);
    switch (next.orElse(new Next.Ended(End.SILENT))) {
      case Next.Message _ -> answered = true;
      case Next.Ended(End how) -> ended(how);
    }
    return next.orElse(new Next.Ended(End.SILENT));
  }

  private void ended(End how) {
    if (!overForAsker) {
      weather.saw(
          switch (how) {
            case DONE -> Sight.NEIGHBOUR_ANSWERED;
            case BUSY -> Sight.NEIGHBOUR_BUSY;
            case REFUSED, TOO_LARGE -> Sight.NEIGHBOUR_AWAY;
            case AWAY -> answered ? Sight.NEIGHBOUR_LOST_IN_ANSWER : Sight.NEIGHBOUR_AWAY;
            case SILENT ->
                owner.process().isPaused() ? Sight.NEIGHBOUR_PAUSED : Sight.NEIGHBOUR_SILENT;
          });
    }
    overForAsker = true;
  }

  @Override
  public void cancel() {
    if (!overForAsker && answered) {
      // The last message it wanted has come, and what is behind it need not.
      weather.saw(Sight.NEIGHBOUR_ANSWERED);
    }
    overForAsker = true;
    closed.accept(this);
    carry(there, () -> overForOwner = true);
  }

  /// The owner has made a message of its answer.
  ///
  /// @return false if there is nobody to take it
  boolean reply(byte[] message) {
    if (weather.strikes(Fault.NEIGHBOUR_ANSWER_LOST)) {
      end(End.AWAY);
    }
    if (!overForOwner) {
      carry(back, () -> arrived.put(new Next.Message(message)));
    }
    return !overForOwner;
  }

  /// Nothing more comes from the owner.
  void end(End how) {
    if (!overForOwner) {
      overForOwner = true;
      carry(back, () -> arrived.put(new Next.Ended(how)));
    }
  }
}
