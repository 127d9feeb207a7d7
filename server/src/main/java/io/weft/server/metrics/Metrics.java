package io.weft.server.metrics;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weft.controlplane.leader.LeaderFigures;
import io.weft.controlplane.leader.conservation.SumComparisons;
import io.weft.storage.object.ObjectStoreFigures;
import java.util.function.Supplier;

/// Everything a process has to show, each part asked when somebody looks. Thread-safe.
public final class Metrics {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final StoreMetrics stores = new StoreMetrics();

  public Metrics() {
    registry.register(new ProcessMetrics());
    registry.register(stores);
  }

  public void addStore(Supplier<ObjectStoreFigures> store) {
    stores.add(store);
  }

  /// At most one agent per process.
  public void addAgent(AgentFigures agent) {
    registry.register(new AgentMetrics(agent));
  }

  /// At most one seat of the control plane per process.
  public void addControlPlane(
      Supplier<LeaderFigures> leader, Supplier<SumComparisons.Reading> comparisons) {
    registry.register(new LeaderMetrics(leader, comparisons));
  }

  PrometheusRegistry registry() {
    return registry;
  }
}
