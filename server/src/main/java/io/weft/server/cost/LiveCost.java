package io.weft.server.cost;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.rpc.RpcClientSettings;
import io.weft.controlplane.rpc.RpcPort;
import io.weft.environment.Clock;
import io.weft.environment.Environment;
import io.weft.rpc.HostPort;
import io.weft.server.cost.StoredTopics.TopicBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// Looks at a running cluster twice, and says what it does in between.
///
/// @param processes where agents and control planes show their metrics
/// @param controlPlanes where the control plane is asked for what topics have; empty: it is not
/// @param storedBytes what is stored, if the control plane is not asked
record LiveCost(List<HostPort> processes, List<HostPort> controlPlanes, double storedBytes) {
  /// @param topics empty if the control plane was not asked
  record Look(Activity activity, List<TopicBytes> topics) {}

  Look look(double seconds, Environment environment) throws InterruptedException {
    if (controlPlanes.isEmpty()) {
      return look(seconds, environment, Optional.empty());
    }
    try (ControlPlane controlPlane =
        RpcPort.connect(controlPlanes, RpcClientSettings.defaults(), environment)) {
      return look(seconds, environment, Optional.of(controlPlane));
    }
  }

  private Look look(double seconds, Environment environment, Optional<ControlPlane> controlPlane)
      throws InterruptedException {
    Clock clock = environment.clock();
    Optional<StoredTopics> topicsBefore =
        controlPlane.map(asked -> StoredTopics.read(asked, clock));
    long begunNanos = clock.nanos();
    List<Counted> before = count();
    environment.tasks().sleepMs((long) (seconds * 1_000));
    List<Counted> after = count();
    double tookSeconds = (clock.nanos() - begunNanos) / 1e9;
    Optional<StoredTopics> topicsAfter = controlPlane.map(asked -> StoredTopics.read(asked, clock));
    double stored = topicsAfter.map(StoredTopics::sum).orElse(storedBytes);
    Activity activity =
        Counted.between(before, after, tookSeconds, stored)
            .orElseThrow(
                () ->
                    new UncheckedIOException(
                        "One of the processes was started anew in the meantime; ask again",
                        new IOException("a counter has fallen")));
    return new Look(
        activity,
        topicsAfter.map(now -> now.since(topicsBefore.orElseThrow())).orElseGet(List::of));
  }

  private List<Counted> count() {
    return processes.stream().map(MetricsCall::ask).map(Counted::of).toList();
  }
}
