package io.weft.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.Membership;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import io.weft.server.settings.SettingException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Ids that are skipped by hand.
class BucketStepsTest {
  /// Forgets an agent that leases twice without a word in between.
  private static final class StrictLedger implements FileLedger {
    private static final AgentId AGENT = new AgentId(3);
    private boolean renewed;
    private long next;
    private int leases;

    AgentId renew() {
      renewed = true;
      return AGENT;
    }

    @Override
    public LeaseOutcome leaseLowLatency(AgentId agent, int count) {
      throw new AssertionError("ids are skipped whatever their tier");
    }

    @Override
    public LeaseOutcome lease(AgentId agent, int count) {
      assertThat(agent).isEqualTo(AGENT);
      assertThat(count).isBetween(1, IDS_PER_LEASE_MAX);
      if (!renewed) {
        return new LeaseOutcome.UnknownAgent();
      }
      renewed = false;
      leases++;
      long first = next;
      next += count;
      return new LeaseOutcome.Leased(first, count, 1_000);
    }
  }

  @Test
  void aLongRunIsRenewedBetweenItsLeases() {
    StrictLedger ledger = new StrictLedger();

    assertThat(BucketSteps.leasePast(95_000, ledger, ledger::renew)).isEqualTo(95_001);
    assertThat(ledger.leases).isEqualTo(11);
  }

  @Test
  void idsThatWereGivenAreNotSkippedAgain() {
    StrictLedger ledger = new StrictLedger();
    ledger.next = 500;

    assertThat(BucketSteps.leasePast(95, ledger, ledger::renew)).isEqualTo(501);
  }

  @Test
  void noIdsAreSkippedWhileAgentsRun() {
    assertThatCode(() -> BucketSteps.refuseWhileServed(List.of())).doesNotThrowAnyException();
    Membership.Agent agent = new Membership.Agent(new AgentId(4), Zone.NONE, "host", 9_092);
    assertThatThrownBy(() -> BucketSteps.refuseWhileServed(List.of(agent)))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(
            "1 agent is registered with the control plane (number 4 at host:9092): end it, and");
    assertThatThrownBy(() -> BucketSteps.refuseWhileServed(List.of(agent, agent)))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(
            "2 agents are registered with the control plane (the first is number 4 at host:9092):"
                + " end all of them, and");
  }
}
