package io.weft.agent.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.fetch.StoppedTime;
import io.weft.agent.produce.ManualTime;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Membership;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What an agent tells the control plane of itself.
class RegistrationTest {
  /// Takes the registration, but its first answer is lost.
  private static final class ForgetfulMembership implements Membership {
    final List<UUID> instances = new ArrayList<>();

    @Override
    public Registered register(UUID instance, Zone zone, String host, int port) {
      instances.add(instance);
      if (instances.size() == 1) {
        throw new ControlPlaneException.Unavailable("the answer is lost", null);
      }
      return new Registered(new AgentId(1), "cluster", 4_000);
    }

    @Override
    public boolean renew(AgentId agent) {
      return true;
    }

    @Override
    public void leave(AgentId agent) {}
  }

  @Test
  void leavesNoSecondAgentBehindWhenAnAnswerWasLost() {
    ForgetfulMembership membership = new ForgetfulMembership();
    StoppedTime time = new StoppedTime(7);
    Registration registration = new Registration(membership, time.environment(), Zone.NONE);
    assertThatThrownBy(() -> registration.start("here", 1))
        .isInstanceOf(ControlPlaneException.Unavailable.class);

    registration.start("here", 1);
    registration.close();

    assertThat(membership.instances).hasSize(2);
    assertThat(membership.instances.get(1)).isEqualTo(membership.instances.get(0));
  }

  /// Renews for as long as it is there.
  private static final class PassingMembership implements Membership {
    private final Semaphore asked = new Semaphore(0);
    private volatile boolean there = true;

    @Override
    public Registered register(UUID instance, Zone zone, String host, int port) {
      return new Registered(new AgentId(1), "cluster", 4_000);
    }

    @Override
    public boolean renew(AgentId agent) {
      asked.release();
      if (!there) {
        throw new ControlPlaneException.Unavailable("nobody leads", null);
      }
      return true;
    }

    @Override
    public void leave(AgentId agent) {}
  }

  @Test
  void isValidForAsLongAsItsLeaseWasRenewed() throws InterruptedException {
    PassingMembership membership = new PassingMembership();
    StoppedTime time = new StoppedTime(7);
    Registration registration = new Registration(membership, time.environment(), Zone.NONE);
    assertThat(registration.isValid()).isFalse();
    registration.start("here", 1);
    assertThat(registration.isValid()).isTrue();

    renewals(6, membership, time);
    assertThat(registration.isValid()).isTrue();

    membership.there = false;
    renewals(4, membership, time);
    assertThat(registration.isValid()).isFalse();

    membership.there = true;
    renewals(1, membership, time);
    assertThat(registration.isValid()).isTrue();
    registration.close();
  }

  /// Returns once the renewer waits again after so many renewals.
  private static void renewals(int count, PassingMembership membership, StoppedTime time)
      throws InterruptedException {
    for (int i = 0; i < count; i++) {
      time.awaitWaiting(1);
      time.passMs(1_000);
      membership.asked.acquire();
      time.awaitWaiting(1);
    }
  }

  /// Forgets every agent at once, and is another cluster's from its second registration on.
  private static final class ExchangedMembership implements Membership {
    final List<AgentId> left = new CopyOnWriteArrayList<>();
    private final AtomicInteger registered = new AtomicInteger();

    @Override
    public Registered register(UUID instance, Zone zone, String host, int port) {
      int number = registered.incrementAndGet();
      return new Registered(new AgentId(number), number == 1 ? "first" : "second", 4_000);
    }

    @Override
    public boolean renew(AgentId agent) {
      return false;
    }

    @Override
    public void leave(AgentId agent) {
      left.add(agent);
    }
  }

  @Test
  void anAgentDoesNotTurnIntoAnotherClusters() throws InterruptedException {
    ExchangedMembership membership = new ExchangedMembership();
    ManualTime time = new ManualTime();
    Registration registration = new Registration(membership, time.environment(), Zone.NONE);
    registration.start("here", 1);

    time.runUntil(registration.estranged()::isDone);

    assertThat(registration.estranged().await())
        .contains("cluster first")
        .contains("cluster second");
    assertThat(registration.get()).isEqualTo(new AgentId(1));
    assertThat(membership.left).containsExactly(new AgentId(2));
  }
}
