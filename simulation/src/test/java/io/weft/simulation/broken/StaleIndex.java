package io.weft.simulation.broken;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.environment.Environment;
import io.weft.model.PartitionId;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.cluster.Build;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whether an offset is beyond the end is answered from a memory that is some seconds old.
public final class StaleIndex implements Build {
  private static final long OLD_MS = 3_000;

  @Override
  public ControlPlane controlPlane(ControlPlane real, SimulatedProcess agent) {
    return Altered.of(real)
        .with(ExtentIndex.class, new Stale(real.as(ExtentIndex.class), agent.environment()));
  }

  private static final class Stale implements ExtentIndex {
    private final ExtentIndex real;
    private final Environment environment;
    private final Map<PartitionId, Known> known = new HashMap<>();

    private record Known(ExtentsFound answer, long atMs) {}

    Stale(ExtentIndex real, Environment environment) {
      this.real = real;
      this.environment = environment;
    }

    @Override
    public List<ExtentsFound> find(List<ExtentQuery> queries) {
      List<ExtentsFound> answers = new ArrayList<>();
      for (ExtentQuery query : queries) {
        answers.add(find(query));
      }
      return answers;
    }

    private ExtentsFound find(ExtentQuery query) {
      long nowMs = environment.clock().monotonicMs();
      Known last = known.get(query.partition());
      if (last != null && nowMs - last.atMs() < OLD_MS) {
        if (last.answer() instanceof ExtentsFound.Found found
            && query.offset() > found.bounds().highWatermark()) {
          return new ExtentsFound.OutOfRange(found.bounds());
        }
      }
      ExtentsFound answer = real.find(List.of(query)).getFirst();
      known.put(query.partition(), new Known(answer, nowMs));
      return answer;
    }

    @Override
    public List<ExtentsFound> findByTime(List<TimeQuery> queries) {
      return real.findByTime(queries);
    }

    @Override
    public List<Long> sizes(List<PartitionId> partitions) {
      return real.sizes(partitions);
    }
  }
}
