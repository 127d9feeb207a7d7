package io.weft.server.chaos;

import io.weft.server.proxy.FaultyProxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The ways between the processes of a cluster and its store, each through a proxy of its own: from
/// everybody to the store, from every agent to every control plane. Owned by one thread.
final class Links implements AutoCloseable {
  private final Map<Member, FaultyProxy> toStore = new EnumMap<>(Member.class);
  private final Map<Member, List<FaultyProxy>> toControlPlane = new EnumMap<>(Member.class);

  /// @param ports where the members listen
  Links(Map<Member, Integer> ports, int storePort, Random random) {
    ports.forEach(
        (member, _) -> toStore.put(member, FaultyProxy.start(storePort, random.nextLong())));
    ports.keySet().stream()
        .filter(Member::isAgent)
        .forEach(agent -> toControlPlane.put(agent, controlPlanes(ports, random)));
  }

  private static List<FaultyProxy> controlPlanes(Map<Member, Integer> ports, Random random) {
    List<FaultyProxy> proxies = new ArrayList<>();
    ports.forEach(
        (member, port) -> {
          if (!member.isAgent()) {
            proxies.add(FaultyProxy.start(port, random.nextLong()));
          }
        });
    return proxies;
  }

  FaultyProxy toStore(Member member) {
    return toStore.get(member);
  }

  /// Everybody's.
  Collection<FaultyProxy> toStore() {
    return toStore.values();
  }

  List<FaultyProxy> toControlPlane(Member agent) {
    return toControlPlane.get(agent);
  }

  long cuts() {
    return all().stream().mapToLong(FaultyProxy::cuts).sum();
  }

  long flips() {
    return all().stream().mapToLong(FaultyProxy::flips).sum();
  }

  private List<FaultyProxy> all() {
    List<FaultyProxy> all = new ArrayList<>(toStore.values());
    toControlPlane.values().forEach(all::addAll);
    return all;
  }

  @Override
  public void close() {
    all().forEach(FaultyProxy::close);
  }
}
