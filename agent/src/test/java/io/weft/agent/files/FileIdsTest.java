package io.weft.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.environment.ManualTime;
import io.weft.agent.files.FileIds.IdsRepeatedException;
import io.weft.agent.files.FileIds.LeasedId;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileLedger;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.model.FileTier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class FileIdsTest {
  private static final AgentId FIRST = new AgentId(1);
  private static final AgentId SECOND = new AgentId(2);

  private static final FileSettings SETTINGS = new FileSettings(8, 0, 10, 100);

  private final ManualTime time = ManualTime.movedBySleepers(7);
  private final ModelLedger ledger = new ModelLedger();
  private volatile AgentId agent = FIRST;
  private final FileIds ids = new FileIds(time.environment(), ledger, () -> agent, SETTINGS);

  @Test
  void idsRiseThroughLeases() throws InterruptedException {
    List<Long> given = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      given.add(next().id());
    }

    assertThat(given).isSorted().doesNotHaveDuplicates().startsWith(100L, 101L);
  }

  @Test
  void idsOfTheLowLatencyStoreAreAskedForAsSuch() throws InterruptedException {
    FileIds fresh =
        new FileIds(time.environment(), ledger, FileTier.LOW_LATENCY, () -> agent, SETTINGS);

    assertThat(fresh.next().orElseThrow().id()).isEqualTo(FileTier.LOW_LATENCY.id(100));
    fresh.close();
  }

  @Test
  void aControlPlaneThatKnowsNothingOfTiersGivesPlainIds() throws InterruptedException {
    FileLedger old =
        new FileLedger() {
          @Override
          public LeaseOutcome lease(AgentId by, int count) {
            return ledger.lease(by, count);
          }

          @Override
          public LeaseOutcome leaseLowLatency(AgentId by, int count) {
            throw new ControlPlaneException.Rejected("what is that?");
          }
        };
    FileIds fresh =
        new FileIds(time.environment(), old, FileTier.LOW_LATENCY, () -> agent, SETTINGS);

    assertThat(fresh.next().orElseThrow().id()).isEqualTo(100);
    fresh.close();
  }

  @Test
  void onceThereWereIdsOfTheLowLatencyStoreNoPlainOnesAreTaken() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    FileLedger moody =
        new FileLedger() {
          @Override
          public LeaseOutcome lease(AgentId by, int count) {
            return ledger.lease(by, count);
          }

          @Override
          public LeaseOutcome leaseLowLatency(AgentId by, int count) {
            int call = calls.incrementAndGet();
            if (call > 1 && call < 4) {
              throw new ControlPlaneException.Rejected("not now");
            }
            return ledger.leaseLowLatency(by, count);
          }
        };
    FileIds fresh =
        new FileIds(time.environment(), moody, FileTier.LOW_LATENCY, () -> agent, SETTINGS);
    for (int i = 0; i < 16; i++) {
      assertThat(fresh.next().orElseThrow().id()).isEqualTo(FileTier.LOW_LATENCY.id(100 + i));
    }
    fresh.close();
  }

  @Test
  void theNextLeaseIsAskedForBeforeTheLastIdIsGone() throws InterruptedException {
    for (int i = 0; i < 6; i++) {
      next();
    }
    assertThat(ledger.calls()).isEqualTo(1);
    next();

    assertThat(ledger.awaitCalls(2)).isEqualTo(2);
  }

  @Test
  void preparingLeasesAheadOfNeed() throws InterruptedException {
    ids.prepare();
    assertThat(ledger.awaitCalls(1)).isEqualTo(1);

    assertThat(next()).isEqualTo(new LeasedId(100, FIRST));
  }

  @Test
  void preparingLeasesNothingWhileThereIsEnough() throws InterruptedException {
    next();
    for (int i = 0; i < 10; i++) {
      ids.prepare();
    }

    assertThat(next().id()).isEqualTo(101);
    assertThat(ledger.calls()).isEqualTo(1);
  }

  @Test
  void preparingDoesNotWaitForTheRegistration() throws InterruptedException {
    Pending<AgentId> registered = new Pending<>();
    FileIds early = new FileIds(time.environment(), ledger, () -> await(registered), SETTINGS);
    early.prepare();
    registered.complete(SECOND);

    assertThat(early.next()).isEqualTo(Optional.of(new LeasedId(100, SECOND)));
  }

  @Test
  void idsAreNotUsedAfterTheirTime() throws InterruptedException {
    next();
    time.advanceMs(ModelLedger.USABLE_MS);

    assertThat(next().id()).isEqualTo(108);
  }

  @Test
  void aLeaseThatEndsSoonIsRenewedButUsedUntilItsEnd() throws InterruptedException {
    next();
    time.advanceMs(ModelLedger.USABLE_MS - 1);

    assertThat(next().id()).isEqualTo(101);
    assertThat(ledger.awaitCalls(2)).isEqualTo(2);
  }

  @Test
  void idsOfAnotherRegistrationAreNotUsed() throws InterruptedException {
    next();
    agent = SECOND;

    assertThat(next()).isEqualTo(new LeasedId(108, SECOND));
  }

  @Test
  void asksAgainWhileThereIsNoAnswer() throws InterruptedException {
    ledger.leaveUnanswered(5);

    assertThat(next().id()).isEqualTo(100);
    assertThat(ledger.calls()).isEqualTo(6);
  }

  @Test
  void anUnknownAgentAsksAgainUnderItsNextRegistration() throws InterruptedException {
    ledger.forget(FIRST);
    ids.prepare();
    ledger.awaitCalls(2);
    agent = SECOND;

    assertThat(next()).isEqualTo(new LeasedId(100, SECOND));
  }

  @Test
  void idsThatAreLeasedAgainEndItForGood() throws InterruptedException {
    for (int i = 0; i < 6; i++) {
      next();
    }
    ledger.forgetLeases();
    time.advanceMs(ModelLedger.USABLE_MS);

    assertThatThrownBy(ids::next)
        .isInstanceOf(IdsRepeatedException.class)
        .hasMessageContaining("the ids from 100 on")
        .hasMessageContaining("ids up to 107 before")
        .hasMessageContaining("docs/recovery.md");
    ids.prepare();
    assertThatThrownBy(ids::next).isInstanceOf(IdsRepeatedException.class);
    assertThat(ledger.calls()).isEqualTo(2);
  }

  @Test
  void onceClosedThereAreNone() throws InterruptedException {
    next();
    ids.close();

    assertThat(ids.next()).isEqualTo(Optional.empty());
  }

  private static AgentId await(Pending<AgentId> registered) {
    try {
      return registered.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private LeasedId next() throws InterruptedException {
    return ids.next().orElseThrow();
  }
}
