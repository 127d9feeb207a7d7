package io.weft.agent.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.catalog.LiveCatalog;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import org.junit.jupiter.api.Test;

/// A stream that never began can be closed.
class TailIndexClosingTest {
  @Test
  void closesThoughTheAgentWasNeverRegistered() throws Exception {
    Environment environment = Environment.system();
    TestCluster cluster = new TestCluster();
    Pending<Boolean> asked = new Pending<>();
    Pending<AgentId> registered = new Pending<>();
    TailIndex tails =
        new TailIndex(
            cluster,
            () -> {
              asked.complete(true);
              return awaited(registered);
            },
            new LiveCatalog(cluster),
            environment,
            TailSettings.STANDARD);
    tails.open();
    asked.await();

    Thread closing = environment.tasks().start("closing", tails::close);
    while (closing.isAlive() && closing.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }

    assertThat(closing.isAlive()).isFalse();
    registered.complete(new AgentId(1));
  }

  private static AgentId awaited(Pending<AgentId> id) {
    try {
      return id.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
