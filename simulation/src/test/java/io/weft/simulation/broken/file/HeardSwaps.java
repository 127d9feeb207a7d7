package io.weft.simulation.broken.file;

import io.weft.controlplane.api.file.Compactions;
import io.weft.model.AgentId;
import java.util.List;
import java.util.function.Consumer;

/// Swaps, of which is heard why they were refused.
record HeardSwaps(Compactions real, Consumer<String> refused) implements Compactions {
  @Override
  public Assignment next(AgentId agent, long bytesMax) {
    return real.next(agent, bytesMax);
  }

  @Override
  public SwapOutcome swap(AgentId agent, Swap swap) {
    SwapOutcome outcome = real.swap(agent, swap);
    if (outcome instanceof SwapOutcome.Refused(String why)) {
      refused.accept(why);
    }
    return outcome;
  }

  @Override
  public void giveUp(AgentId agent, long job, List<Long> unreadable) {
    real.giveUp(agent, job, unreadable);
  }
}
