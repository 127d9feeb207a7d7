package io.weft.agent.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.environment.ManualTime;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    public Registered register(
        UUID instance,
        Zone zone,
        String host,
        int port,
        Optional<Address> neighbours,
        Optional<Profile> profile,
        List<Advertised> listeners) {
      instances.add(instance);
      if (instances.size() == 1) {
        throw new ControlPlaneException.Unavailable("the answer is lost", null);
      }
      return new Registered(new AgentId(1), "cluster", 4_000);
    }

    @Override
    public boolean renew(AgentId agent) {
      throw new AssertionError("a reply without a cluster's id proves nothing");
    }

    @Override
    public void leave(AgentId agent) {}
  }

  @Test
  void leavesNoSecondAgentBehindWhenAnAnswerWasLost() {
    ForgetfulMembership membership = new ForgetfulMembership();
    ManualTime time = new ManualTime(7);
    Registration registration =
        new Registration(membership, time.environment(), AgentPlace.ANYWHERE, "cluster");
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
    public Registered register(
        UUID instance,
        Zone zone,
        String host,
        int port,
        Optional<Address> neighbours,
        Optional<Profile> profile,
        List<Advertised> listeners) {
      asked.release();
      if (!there) {
        throw new ControlPlaneException.Unavailable("nobody leads", null);
      }
      return new Registered(new AgentId(1), "cluster", 4_000);
    }

    @Override
    public boolean renew(AgentId agent) {
      throw new AssertionError("a reply without a cluster's id proves nothing");
    }

    @Override
    public void leave(AgentId agent) {}
  }

  @Test
  void isValidForAsLongAsItsLeaseWasRenewed() throws InterruptedException {
    PassingMembership membership = new PassingMembership();
    ManualTime time = new ManualTime(7);
    Registration registration =
        new Registration(membership, time.environment(), AgentPlace.ANYWHERE, "cluster");
    assertThat(registration.isValid()).isFalse();
    registration.start("here", 1);
    membership.asked.acquire();
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
  private static void renewals(int count, PassingMembership membership, ManualTime time)
      throws InterruptedException {
    for (int i = 0; i < count; i++) {
      time.awaitWaiting(1);
      time.advanceMs(1_000);
      membership.asked.acquire();
      time.awaitWaiting(1);
    }
  }

  /// Is another cluster's from some registration on. That one has an agent of the same id as ours.
  private static final class ExchangedMembership implements Membership {
    final List<AgentId> left = new CopyOnWriteArrayList<>();
    private final AtomicInteger registered = new AtomicInteger();
    private final int registrationsBefore;
    private volatile boolean leavingFails;

    ExchangedMembership(int registrationsBefore) {
      this.registrationsBefore = registrationsBefore;
    }

    @Override
    public Registered register(
        UUID instance,
        Zone zone,
        String host,
        int port,
        Optional<Address> neighbours,
        Optional<Profile> profile,
        List<Advertised> listeners) {
      return registered.incrementAndGet() <= registrationsBefore
          ? new Registered(new AgentId(0), "cluster", 4_000)
          : new Registered(new AgentId(1), "other", 4_000);
    }

    @Override
    public boolean renew(AgentId agent) {
      return agent.value() <= 1;
    }

    @Override
    public void leave(AgentId agent) {
      left.add(agent);
      if (leavingFails) {
        throw new ControlPlaneException.Unavailable("nobody leads", null);
      }
    }
  }

  @Test
  void anAgentDoesNotTurnIntoAnotherClustersThatHasAnAgentOfItsId() throws InterruptedException {
    ExchangedMembership membership = new ExchangedMembership(2);
    ManualTime time = ManualTime.movedBySleepers(7);
    Registration registration =
        new Registration(membership, time.environment(), AgentPlace.ANYWHERE, "cluster");
    registration.start("here", 1);

    time.runUntil(registration.estranged()::isDone);

    assertThat(registration.estranged().await())
        .contains("cluster cluster")
        .contains("cluster other");
    assertThat(registration.get()).isEqualTo(new AgentId(0));
    assertThat(registration.isValid()).isFalse();
    assertThat(registration.renew()).isFalse();
    registration.close();
    assertThat(membership.left).containsExactly(new AgentId(1));
  }

  @Test
  void itIsSaidThoughNobodyTakesItsLeave() throws InterruptedException {
    ExchangedMembership membership = new ExchangedMembership(1);
    membership.leavingFails = true;
    ManualTime time = ManualTime.movedBySleepers(7);
    Registration registration =
        new Registration(membership, time.environment(), AgentPlace.ANYWHERE, "cluster");
    registration.start("here", 1);

    time.runUntil(registration.estranged()::isDone);

    assertThat(registration.renew()).isFalse();
    assertThat(membership.left).containsExactly(new AgentId(1));
  }

  @Test
  void doesNotStartWithAnotherClustersControlPlane() {
    ExchangedMembership membership = new ExchangedMembership(0);
    Registration registration =
        new Registration(
            membership,
            ManualTime.movedBySleepers(7).environment(),
            AgentPlace.ANYWHERE,
            "cluster");

    assertThatThrownBy(() -> registration.start("here", 1))
        .isInstanceOf(ControlPlaneException.Rejected.class)
        .hasMessageContaining("cluster other");

    assertThat(registration.estranged().isDone()).isTrue();
    registration.close();
    assertThat(membership.left).containsExactly(new AgentId(1));
  }

  private static FileLedger always(LeaseOutcome outcome) {
    return new FileLedger() {
      @Override
      public LeaseOutcome lease(AgentId agent, int count) {
        return outcome;
      }

      @Override
      public LeaseOutcome leaseLowLatency(AgentId agent, int count) {
        return outcome;
      }
    };
  }

  @Test
  void leasesOfAnotherClusterAreRefused() {
    ExchangedMembership membership = new ExchangedMembership(2);
    Registration registration =
        new Registration(
            membership, new ManualTime(7).environment(), AgentPlace.ANYWHERE, "cluster");
    LeaseOutcome leased = new LeaseOutcome.Leased(41, 10, 1_000);
    ClusterLedger ledger = new ClusterLedger(always(leased), registration);
    registration.start("here", 1);

    assertThat(ledger.lease(registration.get(), 10)).isEqualTo(leased);
    assertThatThrownBy(() -> ledger.lease(registration.get(), 10))
        .isInstanceOf(ControlPlaneException.Unavailable.class)
        .hasMessageContaining("another cluster's");
    assertThat(registration.estranged().isDone()).isTrue();
    registration.close();
  }
}
