package io.weft.simulation;

import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.command.Command;
import io.weft.simulation.cluster.AgentNode;
import io.weft.simulation.cluster.ControlPlaneNode;
import io.weft.simulation.fault.Sight;
import io.weft.simulation.fault.Weather;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;

/// What processes have in their hands when they are killed. Each of [#PATHS] must have been cut off
/// in the seeds of the suite, or the suite fails.
final class Deaths {
  static final List<String> PATHS =
      List.of(
          "agent PRODUCE",
          "agent FETCH",
          "agent LIST_OFFSETS",
          "agent INIT_PRODUCER_ID",
          "agent ADD_PARTITIONS_TO_TXN",
          "agent TXN_OFFSET_COMMIT",
          "agent END_TXN",
          "agent JOIN_GROUP",
          "agent SYNC_GROUP",
          "agent HEARTBEAT",
          "agent OFFSET_FETCH",
          "agent NEIGHBOUR",
          "leader Commit",
          "leader LeaseFileIds",
          "leader FindExtents",
          "leader Initialize",
          "leader AddPartitions",
          "leader TXN_OFFSET_COMMIT",
          "leader End",
          "leader JOIN_GROUP",
          "leader SYNC_GROUP",
          "leader HEARTBEAT",
          "leader OFFSET_FETCH");

  private final Weather weather;

  Deaths(Weather weather) {
    this.weather = weather;
  }

  /// To be called before it is killed.
  void agent(AgentNode dying) {
    dying.openCalls().forEach(api -> weather.cutOff("agent " + api));
    if (dying.servesNeighbours()) {
      weather.cutOff("agent NEIGHBOUR");
    }
  }

  /// To be called before it is killed.
  void leader(ControlPlaneNode dying) {
    for (Command<?> command : dying.serving()) {
      weather.cutOff("leader " + name(command));
      if (step(command).orElse(null) instanceof TransactionStep.End) {
        weather.saw(Sight.END_DIED_WITH_LEADER);
      }
    }
  }

  private static String name(Command<?> command) {
    return step(command)
        .map(step -> step.getClass().getSimpleName())
        .or(() -> command.coordination().map(asked -> ApiKeys.forId(asked.apiKey()).name()))
        .orElse(command.question().name());
  }

  private static Optional<TransactionStep> step(Command<?> command) {
    return command.arguments().stream()
        .filter(TransactionStep.class::isInstance)
        .map(TransactionStep.class::cast)
        .findFirst();
  }
}
