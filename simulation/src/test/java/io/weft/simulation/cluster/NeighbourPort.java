package io.weft.simulation.cluster;

import io.weft.agent.neighbour.BusyException;
import io.weft.agent.neighbour.GarbledMessageException;
import io.weft.agent.neighbour.NeighbourDesk;
import io.weft.agent.neighbour.NeighbourLink.End;
import io.weft.agent.neighbour.NeighbourMessage;
import io.weft.agent.neighbour.RangeAsked;
import io.weft.agent.neighbour.seal.RefusedException;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.fault.Fault;
import io.weft.simulation.fault.Weather;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;

/// Where one agent process is asked by the others: its desk, and what makes it a bad owner now and
/// then. It lies as an owner does that has mixed up what it keeps: the bytes and what is said of
/// them belong together, and are not what was asked for.
final class NeighbourPort {
  private static final int SLOW_MS_MAX = 4_000;
  private static final int FILES_MAX = 50;

  private final NeighbourDesk desk;
  private final SimulatedProcess process;
  private final Weather weather;

  /// Calls that it has in its hands.
  private final List<NeighbourCall> serving = new ArrayList<>();

  /// Those it was asked for, the last ones.
  private final TreeSet<Long> files = new TreeSet<>();

  NeighbourPort(NeighbourDesk desk, SimulatedProcess process, Weather weather) {
    this.desk = desk;
    this.process = process;
    this.weather = weather;
  }

  /// Takes a request that has arrived; returns at once.
  void ask(byte[] request, NeighbourCall call) {
    serving.add(call);
    process.start("neighbour-answer", () -> answer(request, call));
  }

  boolean isServing() {
    return !serving.isEmpty();
  }

  /// Its process is gone, and the askers' connections with it.
  void breakOff() {
    serving.forEach(call -> call.end(End.AWAY));
    serving.clear();
  }

  private void answer(byte[] request, NeighbourCall call) {
    try {
      serve(request, call);
    } catch (RefusedException refused) {
      call.end(End.REFUSED);
    } catch (BusyException busy) {
      call.end(End.BUSY);
    } catch (GarbledMessageException garbled) {
      call.end(End.AWAY);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    serving.remove(call);
  }

  private void serve(byte[] request, NeighbourCall call)
      throws RefusedException, BusyException, GarbledMessageException, InterruptedException {
    byte[] admitted = desk.admit(request);
    if (weather.strikes(Fault.NEIGHBOUR_SILENT)) {
      return;
    }
    if (weather.strikes(Fault.NEIGHBOUR_BUSY)) {
      call.end(End.BUSY);
      return;
    }
    if (weather.strikes(Fault.NEIGHBOUR_SLOW)) {
      process.environment().tasks().sleepMs(weather.upTo(SLOW_MS_MAX));
    }
    List<RangeAsked> understood = new ArrayList<>();
    for (RangeAsked range : NeighbourMessage.readRequest(admitted)) {
      understood.add(understood(range));
    }
    desk.serve(NeighbourMessage.request(understood), message -> call.reply(damaged(message)));
    call.end(End.DONE);
  }

  private RangeAsked understood(RangeAsked range) {
    OptionalLong other = another(range.fileId());
    files.add(range.fileId());
    if (files.size() > FILES_MAX) {
      files.pollFirst();
    }
    if (other.isPresent() && weather.strikes(Fault.NEIGHBOUR_OTHER_FILE)) {
      return new RangeAsked(
          other.getAsLong(),
          range.position(),
          range.length(),
          range.heldOnly(),
          range.withFooter());
    }
    if (range.position() > 0 && weather.strikes(Fault.NEIGHBOUR_OTHER_RANGE)) {
      long before = 1L + weather.upTo((int) Math.min(range.position(), range.length()) - 1);
      return new RangeAsked(
          range.fileId(),
          range.position() - before,
          range.length(),
          range.heldOnly(),
          range.withFooter());
    }
    return range;
  }

  private OptionalLong another(long fileId) {
    Long other = files.lower(fileId);
    other = other == null ? files.higher(fileId) : other;
    return other == null ? OptionalLong.empty() : OptionalLong.of(other);
  }

  private byte[] damaged(byte[] message) {
    if (weather.strikes(Fault.NEIGHBOUR_DAMAGED)) {
      message[weather.upTo(message.length - 1)] ^= (byte) (1 << weather.upTo(7));
    }
    return message;
  }
}
