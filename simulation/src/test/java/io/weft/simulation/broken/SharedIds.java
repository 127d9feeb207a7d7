package io.weft.simulation.broken;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.UploadedFile;
import io.weft.model.AgentId;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.cluster.Build;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// File ids belong to nobody: two agents may get the same ones, and both commit under them.
public final class SharedIds implements Build {
  private final List<Given> given = new ArrayList<>();

  /// @param taken whether a second agent has got it too
  private record Given(FileLedger.LeaseOutcome.Leased lease, AgentId owner, boolean taken) {}

  @Override
  public ControlPlane controlPlane(ControlPlane real, SimulatedProcess agent) {
    return Altered.of(real)
        .with(FileLedger.class, ledger(real.as(FileLedger.class)))
        .with(
            Sequencer.class,
            (self, below, files) -> commit(real.as(Sequencer.class), self, below, files));
  }

  private FileLedger ledger(FileLedger real) {
    return new FileLedger() {
      @Override
      public LeaseOutcome lease(AgentId agent, int count) {
        return SharedIds.this.lease(agent, () -> real.lease(agent, count));
      }

      @Override
      public LeaseOutcome leaseLowLatency(AgentId agent, int count) {
        return SharedIds.this.lease(agent, () -> real.leaseLowLatency(agent, count));
      }
    };
  }

  private FileLedger.LeaseOutcome lease(AgentId agent, Supplier<FileLedger.LeaseOutcome> real) {
    long mineUpTo =
        given.stream()
            .filter(one -> one.owner().equals(agent) || one.taken())
            .mapToLong(one -> one.lease().first())
            .max()
            .orElse(-1);
    for (int i = 0; i < given.size(); i++) {
      Given one = given.get(i);
      if (!one.taken() && !one.owner().equals(agent) && one.lease().first() > mineUpTo) {
        given.set(i, new Given(one.lease(), one.owner(), true));
        return one.lease();
      }
    }
    FileLedger.LeaseOutcome outcome = real.get();
    if (outcome instanceof FileLedger.LeaseOutcome.Leased leased) {
      given.add(new Given(leased, agent, false));
    }
    return outcome;
  }

  private List<FileOutcome> commit(
      Sequencer real, AgentId agent, long settledBelow, List<UploadedFile> files) {
    long id = files.getFirst().fileId();
    AgentId owner =
        given.stream()
            .filter(one -> one.lease().first() <= id)
            .filter(one -> id < one.lease().first() + one.lease().count())
            .map(Given::owner)
            .findFirst()
            .orElse(agent);
    return real.commit(owner, owner.equals(agent) ? settledBelow : 0, files);
  }
}
