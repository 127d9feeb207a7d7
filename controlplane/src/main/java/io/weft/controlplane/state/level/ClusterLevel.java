package io.weft.controlplane.state.level;

import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.Invariant;
import java.util.List;
import java.util.function.Supplier;

/// The level that is final: the one that the cluster's founder knew, until an operator raises it.
/// Owned by one thread.
public final class ClusterLevel implements StatePart, Releases {
  private final CurrentStep step;
  private Supplier<Known> known = () -> new Known(Levels.KNOWN, List.of());
  private int level = Levels.FIRST;

  public ClusterLevel(CurrentStep step) {
    this.step = step;
  }

  /// What the processes of the cluster know, as far as the leader has heard. Not part of the state.
  ///
  /// @param own the highest level that the leader knows
  public record Known(int own, List<AgentLevel> agents) {}

  /// From here on this says what the processes know.
  public void ledBy(Supplier<Known> leading) {
    known = leading;
  }

  /// The level at which the journal and snapshots are written.
  public int value() {
    return level;
  }

  /// A new cluster has no release before that could be put back: its level is what its founder
  /// knows.
  public void begin(int founderKnows) {
    if (founderKnows > level) {
      step.make(new LevelRaised(founderKnows));
    }
  }

  @Override
  public Greeting greet(Greeting mine) {
    return new Greeting(Levels.RELEASE, known.get().own());
  }

  @Override
  public Status describe() {
    Known now = known.get();
    return new Status(level, now.own(), now.agents());
  }

  @Override
  public void finish(int finalLevel) {
    Known now = known.get();
    if (finalLevel > now.own()) {
      throw new Rejected(
          "level %d cannot be final: the leading control plane knows levels up to %d"
              .formatted(finalLevel, now.own()));
    }
    for (AgentLevel each : now.agents()) {
      if (each.level() == 0) {
        throw new Rejected(
            "agent %d has not said yet which levels it knows: ask again in a few seconds"
                .formatted(each.agent().value()));
      }
      if (each.level() < finalLevel) {
        throw new Rejected(
            "level %d cannot be final: agent %d knows levels up to %d, it has to be upgraded first"
                .formatted(finalLevel, each.agent().value(), each.level()));
      }
    }
    if (finalLevel > level) {
      step.make(new LevelRaised(finalLevel));
    }
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    int raised = ((LevelRaised) record).level();
    Invariant.check(raised > level, "level %d does not rise", raised);
    level = raised;
  }

  @Override
  public void write(WireWriter out) {
    if (out.level() > Levels.FIRST) {
      out.writeVarInt(level);
    }
  }

  @Override
  public void read(WireReader in) {
    if (in.level() > Levels.FIRST) {
      level = in.readVarInt();
      if (level != in.level()) {
        throw new MalformedBytesException(
            "level %d in a snapshot of level %d".formatted(level, in.level()));
      }
    }
  }
}
