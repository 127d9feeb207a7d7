package io.weft.simulation.cluster;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandCodec;
import io.weft.controlplane.journal.ObjectJournal;
import io.weft.controlplane.journal.Snapshots;
import io.weft.controlplane.leader.LeaderSeat;
import io.weft.controlplane.leader.LeaderSettings;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulated.SimulatedWorld;
import io.weft.simulation.fault.LyingStore;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.RetrySettings;
import io.weft.storage.object.RetryingObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// A machine on which a control-plane process runs, one after the other.
public final class ControlPlaneNode {
  private final SimulatedWorld world;
  private final String name;
  private final Supplier<LyingStore> stores;
  private final LeaderSettings settings;
  private final Build build;
  private final ToldFiles told;
  private SimulatedProcess process;
  private LyingStore store;
  private LeaderSeat seat;
  private List<Command<?>> serving = List.of();
  private int starts;

  ControlPlaneNode(
      SimulatedWorld world,
      String name,
      Supplier<LyingStore> stores,
      LeaderSettings settings,
      Build build,
      ToldFiles told) {
    this.world = world;
    this.told = told;
    this.build = build;
    this.name = name;
    this.stores = stores;
    this.settings = settings;
    start();
  }

  public void start() {
    starts++;
    process = world.process(name + "." + starts);
    serving = new ArrayList<>();
    store = stores.get();
    LeaderSettings own =
        new LeaderSettings(
                process.name(), false, settings.timing(), settings.limits(), settings.journal())
            .withLowLatencyMs(settings.lowLatencyMs());
    ObjectStore retrying =
        new RetryingObjectStore(store, RetrySettings.JOURNAL, process.environment());
    seat =
        LeaderSeat.open(
            build.journal(new ObjectJournal(retrying), process),
            new Snapshots(retrying),
            own,
            process.environment());
  }

  public SimulatedProcess process() {
    return process;
  }

  public LyingStore store() {
    return store;
  }

  public LeaderSeat seat() {
    return seat;
  }

  public boolean leads() {
    return !process.isKilled() && seat.leads();
  }

  /// What became of a command.
  interface Reply {
    void answered(byte[] bytes);

    void failed(ControlPlaneException reason);
  }

  /// Takes a command that has arrived.
  void serve(byte[] request, Reply reply) {
    LeaderSeat asked = seat;
    List<Command<?>> held = serving;
    process.start("serve", () -> answer(asked, request, held, reply));
  }

  /// The commands it has in its hands: they have arrived, and no answer has left. If it is killed,
  /// those it had then.
  public List<Command<?>> serving() {
    return List.copyOf(serving);
  }

  private void answer(LeaderSeat asked, byte[] request, List<Command<?>> held, Reply reply) {
    Command<?> command = CommandCodec.readCommand(new WireReader(request));
    held.add(command);
    try {
      reply.answered(answer(asked, command));
    } catch (ControlPlaneException e) {
      reply.failed(e);
    }
    held.remove(command);
  }

  private <R> byte[] answer(LeaderSeat asked, Command<R> command) {
    long askedMs = world.nowMs();
    told.asked(command);
    R value = asked.ask(command);
    told.answered(command, value, askedMs);
    WireWriter out = new WireWriter();
    CommandCodec.writeReply(command, value, Levels.KNOWN, out);
    return out.toByteArray();
  }
}
