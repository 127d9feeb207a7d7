package io.weft.simulation.cluster;

import io.weft.agent.assembly.AssembledAgent;
import io.weft.agent.memory.ByteBudget;
import io.weft.agent.neighbour.NeighbourLink.End;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulated.SimulatedWorld;
import io.weft.simulation.fault.LyingStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.RetrySettings;
import io.weft.storage.object.RetryingObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiKeys;

/// A machine on which an agent process runs, one after the other, and what its clients connect to.
public final class AgentNode {
  private static final long BUDGET_BYTES = 4 << 20;
  private static final int RESTART_MS = 1_000;

  private final SimulatedWorld world;
  private final String name;
  private final Network network;
  private final List<ControlPlaneNode> controlPlane;
  private final Supplier<LyingStore> stores;
  private final AgentBuild build;
  private final List<ClientLink> links = new ArrayList<>();
  private SimulatedProcess process;
  private LyingStore store;
  private CommandLink commands;
  private ByteBudget budget;
  private Optional<AssembledAgent> agent = Optional.empty();
  private Optional<NeighbourPort> neighbours = Optional.empty();
  private boolean cutFromNeighbours;
  private final List<String> alarms = new ArrayList<>();
  private int starts;
  private int connections;

  AgentNode(
      SimulatedWorld world,
      String name,
      Network network,
      List<ControlPlaneNode> controlPlane,
      Supplier<LyingStore> stores,
      AgentBuild build) {
    this.world = world;
    this.name = name;
    this.network = network;
    this.controlPlane = controlPlane;
    this.stores = stores;
    this.build = build;
    network.join(this);
    start();
  }

  public String name() {
    return name;
  }

  public SimulatedProcess process() {
    return process;
  }

  public LyingStore store() {
    return store;
  }

  public boolean isReady() {
    return agent.isPresent();
  }

  public void start() {
    starts++;
    SimulatedProcess started = world.process(name + "." + starts);
    process = started;
    store = stores.get();
    commands = new CommandLink(network, new Peers(controlPlane), started);
    budget = new ByteBudget(BUDGET_BYTES);
    started.start("main", () -> run(started));
  }

  public void kill() {
    process.kill();
    gone();
  }

  /// Leaves in good order, and is gone then. (Until it is, clients are answered; new ones are not
  /// accepted.)
  public void close() {
    Optional<AssembledAgent> closing = agent;
    agent = Optional.empty();
    SimulatedProcess leaving = process;
    closing.ifPresent(
        left ->
            leaving.start(
                "close",
                () -> {
                  close(left);
                  leaving.kill();
                  disconnect();
                }));
  }

  private static void close(AssembledAgent leaving) {
    try {
      leaving.leave();
      leaving.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether it reaches no control plane.
  public void cutControlPlane(boolean cut) {
    commands.cut(cut);
  }

  /// Whether it reaches no other agent, and none reaches it.
  public void cutNeighbours(boolean cut) {
    cutFromNeighbours = cut;
  }

  boolean isCutFromNeighbours() {
    return cutFromNeighbours;
  }

  /// Whether it has a call of another agent in its hands.
  public boolean servesNeighbours() {
    return neighbours.isPresent() && neighbours.get().isServing();
  }

  /// A request of another agent has arrived.
  void asked(byte[] request, NeighbourCall call) {
    if (neighbours.isEmpty()) {
      call.end(End.AWAY);
      return;
    }
    neighbours.get().ask(request, call);
    network.neighbours().accept(this);
  }

  /// @return empty if nobody accepts
  public Optional<ClientLink> connect(String clientId) {
    if (agent.isEmpty()) {
      return Optional.empty();
    }
    ClientLink link = new ClientLink(network, clientId);
    links.removeIf(ClientLink::isBroken);
    links.add(link);
    ClientPort.open(link, agent.get().api(), budget, connections++, process);
    return Optional.of(link);
  }

  /// Why its processes have ended by themselves, for what only a person can mend; somebody starts
  /// them again all the same.
  public List<String> alarms() {
    return List.copyOf(alarms);
  }

  /// What its clients have sent and got no answer to yet.
  public List<ApiKeys> openCalls() {
    return links.stream().flatMap(link -> link.open().stream()).toList();
  }

  private void gone() {
    agent = Optional.empty();
    disconnect();
  }

  private void disconnect() {
    links.forEach(link -> network.carry(link::breakOff));
    links.clear();
    neighbours.ifPresent(NeighbourPort::breakOff);
    neighbours = Optional.empty();
  }

  private void run(SimulatedProcess self) {
    try {
      AssembledAgent started =
          AgentBoot.start(
              build.build().controlPlane(commands, self),
              new RetryingObjectStore(store, RetrySettings.FILES, self.environment()),
              build,
              name,
              build.build().neighbours(new NeighbourWay(network, this, self)),
              self.environment());
      agent = Optional.of(started);
      neighbours =
          started.neighbourDesk().map(desk -> new NeighbourPort(desk, self, network.weather()));
      alarm(self, started.halted().await());
    } catch (AgentBoot.RefusedException e) {
      alarm(self, e.getMessage());
    } catch (ControlPlaneException | ObjectStoreException e) {
      endAndRestart(self);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void alarm(SimulatedProcess self, String why) {
    alarms.add(self.name() + ": " + why);
    gone();
    endAndRestart(self);
  }

  /// As a process that ends with an error, and somebody who starts it again.
  private void endAndRestart(SimulatedProcess self) {
    world.after(RESTART_MS, this::start);
    self.kill();
  }
}
