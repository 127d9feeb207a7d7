package io.weft.server.chaos;

import io.weft.environment.Environment;
import io.weft.history.Action;
import io.weft.history.Recorder;
import io.weft.server.proxy.FaultyProxy;
import io.weft.server.proxy.Weather;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Does one bad thing after another to a cluster, and undoes each. Owned by one thread.
final class Nemesis {
  private static final int QUIET_MS_MAX = 2_000;
  private static final int DOWN_MS_MAX = 2_000;

  /// Longer than the leader's lease and than an agent's.
  private static final int PAUSED_MS_MAX = 6_500;

  private static final int STALLED_MS_MAX = 5_000;
  private static final int BROWN_OUT_MS_MIN = 2_000;
  private static final int BROWN_OUT_MS_MAX = 6_000;

  /// Half a second late, 200 kB a second and connection, and one piece in a hundred is cut.
  private static final Weather BROWN_OUT = new Weather(100, 800, 200_000, 0.01, 0);

  private static final Weather FLIPS = Weather.flipping(0.2);

  /// How long a deed that met nothing (no connection, no large message) goes on until it has met
  /// something. Whether it does is not demanded: it lies with the machine, not with Weft.
  private static final int IN_VAIN_MS_MAX = 10_000;

  private static final int LOOK_EVERY_MS = 20;

  private final Cluster cluster;
  private final Recorder recorder;
  private final Environment environment;
  private final Random random;
  private final Map<Deed, Integer> done = new EnumMap<>(Deed.class);

  Nemesis(Cluster cluster, Recorder recorder, Environment environment, Random random) {
    this.cluster = cluster;
    this.recorder = recorder;
    this.environment = environment;
    this.random = random;
  }

  enum Deed {
    /// kill -9, and a start some time later.
    KILL,
    /// SIGSTOP, and SIGCONT some time later.
    PAUSE,
    /// The store is slow to answer and now and then cuts a connection in the middle of a message.
    BROWN_OUT,
    /// The store says nothing for some time.
    STALL,
    /// All connections of one way are reset.
    CUT_CONNECTIONS,
    /// All connections of one way go on living and say nothing any more.
    HALF_OPEN,
    /// Bits of large messages between agents and the store change.
    FLIP_BITS
  }

  private interface Act {
    void perform() throws InterruptedException;
  }

  private record Step(Deed deed, String target, Act act) {
    @Override
    public String toString() {
      return deed + "-" + target;
    }
  }

  /// Goes on for so long, until every kind of deed was done, and then until everything runs again.
  /// Every kind is done before any is done again, then every step.
  void run(long durationMs) throws InterruptedException {
    long endMs = environment.clock().monotonicMs() + durationMs;
    List<Step> round = new ArrayList<>();
    while (environment.clock().monotonicMs() < endMs || !missing().isEmpty()) {
      if (round.isEmpty()) {
        round = newRound();
      }
      environment.tasks().sleepMs(random.nextInt(QUIET_MS_MAX));
      perform(round.removeFirst());
    }
    for (Member member : cluster.members()) {
      cluster.awaitReady(member);
    }
  }

  /// How often each kind of deed was done.
  Map<Deed, Integer> done() {
    return done;
  }

  private Set<Deed> missing() {
    Set<Deed> missing = EnumSet.allOf(Deed.class);
    missing.removeAll(done.keySet());
    return missing;
  }

  private List<Step> newRound() {
    List<Step> steps = steps();
    Collections.shuffle(steps, random);
    List<Step> round = new ArrayList<>();
    Set<Deed> begun = EnumSet.noneOf(Deed.class);
    steps.stream().filter(step -> begun.add(step.deed())).forEach(round::add);
    steps.removeAll(round);
    round.addAll(steps);
    return round;
  }

  private List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    Links links = cluster.links();
    for (Member member : cluster.members()) {
      FaultyProxy toStore = links.toStore(member);
      add(steps, Deed.KILL, member.name(), () -> kill(member));
      add(steps, Deed.PAUSE, member.name(), () -> pause(member));
      add(steps, Deed.CUT_CONNECTIONS, member + "-store", () -> cut(List.of(toStore)));
    }
    for (Member agent : cluster.agents()) {
      List<FaultyProxy> toControlPlane = links.toControlPlane(agent);
      String way = agent + "-control";
      FaultyProxy toStore = links.toStore(agent);
      add(steps, Deed.CUT_CONNECTIONS, way, () -> cut(toControlPlane));
      add(steps, Deed.HALF_OPEN, way, () -> toControlPlane.forEach(FaultyProxy::silence));
      add(steps, Deed.HALF_OPEN, agent + "-store", toStore::silence);
      add(steps, Deed.FLIP_BITS, agent + "-store", () -> flip(toStore));
    }
    add(steps, Deed.BROWN_OUT, "store", () -> weather(links.toStore(), BROWN_OUT));
    add(steps, Deed.STALL, "store", () -> stall(links.toStore()));
    return steps;
  }

  private static void add(List<Step> steps, Deed deed, String target, Act act) {
    steps.add(new Step(deed, target, act));
  }

  private void perform(Step step) throws InterruptedException {
    System.out.println(environment.clock().monotonicMs() % 1_000_000 + " " + step);
    Action fault = new Action.Fault(step.toString());
    int op = recorder.invoke(Workload.FAULTS, fault);
    step.act().perform();
    recorder.ok(op, fault);
    done.merge(step.deed(), 1, Integer::sum);
  }

  private void kill(Member member) throws InterruptedException {
    cluster.kill(member);
    environment.tasks().sleepMs(random.nextInt(DOWN_MS_MAX));
    cluster.launch(member);
    // Now and then the next step comes while it is still starting.
    if (random.nextInt(3) != 0) {
      cluster.awaitReady(member);
    }
  }

  private void pause(Member member) throws InterruptedException {
    cluster.process(member).signal("STOP");
    environment.tasks().sleepMs(random.nextInt(PAUSED_MS_MAX));
    cluster.process(member).signal("CONT");
  }

  /// Resets the connections of these proxies, as soon as there is one.
  private void cut(List<FaultyProxy> proxies) throws InterruptedException {
    long endMs = environment.clock().monotonicMs() + IN_VAIN_MS_MAX;
    while (proxies.stream().mapToInt(FaultyProxy::cut).sum() == 0
        && environment.clock().monotonicMs() < endMs) {
      environment.tasks().sleepMs(LOOK_EVERY_MS);
    }
  }

  private void flip(FaultyProxy proxy) throws InterruptedException {
    long before = proxy.flips();
    long endMs = environment.clock().monotonicMs() + IN_VAIN_MS_MAX;
    do {
      weather(List.of(proxy), FLIPS);
    } while (proxy.flips() == before && environment.clock().monotonicMs() < endMs);
  }

  private void weather(Collection<FaultyProxy> proxies, Weather weather)
      throws InterruptedException {
    proxies.forEach(proxy -> proxy.weather(weather));
    environment.tasks().sleepMs(random.nextInt(BROWN_OUT_MS_MIN, BROWN_OUT_MS_MAX));
    proxies.forEach(proxy -> proxy.weather(Weather.FAIR));
  }

  private void stall(Collection<FaultyProxy> proxies) throws InterruptedException {
    proxies.forEach(FaultyProxy::stall);
    environment.tasks().sleepMs(random.nextInt(STALLED_MS_MAX));
    proxies.forEach(FaultyProxy::release);
  }
}
