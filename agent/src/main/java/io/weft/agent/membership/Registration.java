package io.weft.agent.membership;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Address;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.NeighbourKey;
import io.weft.controlplane.api.Membership.Registered;
import io.weft.environment.Environment;
import io.weft.environment.Outage;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps this agent registered. Thread-safe; one thread of its own renews.
///
/// To renew is to register again with the same instance: the reply says which cluster the control
/// plane belongs to. An agent's id alone would not do, since every cluster gives the same ones.
public final class Registration implements Supplier<AgentId>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

  /// Renewals in the time a lease lasts: two may be lost without harm.
  private static final int RENEWALS_PER_LEASE = 4;

  private final Membership membership;
  private final Environment environment;
  private final AgentPlace place;
  private final String clusterId;

  /// The same for every call: one whose answer was lost must not leave a second agent behind.
  private final UUID instance;

  /// Held by the thread that renews: a reply must not be overtaken by an older one.
  private final ReentrantLock renewing = new ReentrantLock();

  private volatile ClientAddresses clients;
  private volatile Optional<Address> neighbours = Optional.empty();
  private final Pending<AgentId> first = new Pending<>();
  private final Pending<String> estranged = new Pending<>();
  private volatile Registered registered;
  private volatile String otherClusterId = "";
  private volatile Thread renewer;
  private final Outage outage = new Outage();

  /// Until when the control plane counts this agent in, as far as that is known here.
  private volatile long validUntilMs;

  /// @param clusterId the cluster whose files are in this agent's bucket
  public Registration(
      Membership membership, Environment environment, AgentPlace place, String clusterId) {
    this.membership = membership;
    this.environment = environment;
    this.place = place;
    this.clusterId = clusterId;
    this.instance =
        new UUID(environment.randomness().nextLong(), environment.randomness().nextLong());
  }

  /// As [#start(ClientAddresses, Optional)], for an agent whose clients all reach it at one address
  /// and which other agents do not ask.
  public void start(String host, int port) {
    start(ClientAddresses.of(host, port), Optional.empty());
  }

  /// Registers, and begins to renew.
  ///
  /// @param clients where clients reach this agent
  /// @param reached where other agents of the zone reach this one
  /// @throws ControlPlaneException if the control plane cannot be reached, or is another cluster's
  public void start(ClientAddresses clients, Optional<Address> reached) {
    this.clients = clients;
    this.neighbours = reached;
    if (!renew()) {
      throw new ControlPlaneException.Rejected("this agent cannot start: " + otherCluster());
    }
    first.complete(registered.id());
    renewer = environment.tasks().start("registration", this::renewForever);
  }

  /// The id this agent has now. It changes only if the registration lapsed. Waits for the start.
  @Override
  public AgentId get() {
    Registered current = registered;
    return current == null ? awaitFirst() : current.id();
  }

  /// This agent as others are to see it, with all its listeners, whether they are told of them yet
  /// or not. Empty before the start.
  public Optional<Agent> self() {
    Registered current = registered;
    return current == null
        ? Optional.empty()
        : Optional.of(
            new Agent(
                current.id(),
                place.zone(),
                clients.main().host(),
                clients.main().port(),
                neighbours,
                Optional.of(place.profile()),
                clients.told()));
  }

  /// What agents sign with what they ask of each other, as the control plane has said last.
  public List<NeighbourKey> neighbourKeys() {
    Registered current = registered;
    return current == null ? List.of() : current.neighbourKeys();
  }

  private AgentId awaitFirst() {
    try {
      return first.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlPlaneException.Unavailable("interrupted before it was registered", e);
    }
  }

  /// Comes only if the control plane has become that of another cluster. This agent is then no
  /// longer registered anywhere.
  ///
  /// @return what has happened, in a sentence for the operator
  public Pending<String> estranged() {
    return estranged;
  }

  /// Whether the control plane still counts this agent in: it has said so within the lease.
  public boolean isValid() {
    return registered != null
        && !estranged.isDone()
        && environment.clock().monotonicMs() < validUntilMs;
  }

  /// Leaves: other agents and clients are told at once. Best effort, since the lease ends it
  /// anyway. An agent that has lost its cluster does not leave: in the other cluster, its id may be
  /// another agent's.
  @Override
  public void close() {
    Thread running = renewer;
    if (running == null) {
      return;
    }
    running.interrupt();
    if (!estranged.isDone()) {
      leave(get());
    }
  }

  private void leave(AgentId id) {
    try {
      membership.leave(id);
    } catch (ControlPlaneException e) {
      LOG.info("left without saying so: {}", e.getMessage());
    }
  }

  /// Says to the control plane that this agent is alive, and hears which cluster the control plane
  /// belongs to.
  ///
  /// @return false if it is another cluster's, or once was: this agent must not go on
  /// @throws ControlPlaneException if it says nothing
  boolean renew() {
    renewing.lock();
    try {
      if (estranged.isDone()) {
        return false;
      }
      long askedMs = environment.clock().monotonicMs();
      Registered answer =
          membership.register(
              instance,
              place.zone(),
              clients.main().host(),
              clients.main().port(),
              neighbours,
              Optional.of(place.profile()),
              clients.told());
      if (answer.clusterId().equals(clusterId)) {
        remember(answer, askedMs);
        return true;
      }
      becomeEstranged(answer);
      return false;
    } finally {
      renewing.unlock();
    }
  }

  private void remember(Registered answer, long askedMs) {
    Registered before = registered;
    registered = answer;
    validUntilMs = askedMs + answer.leaseMs();
    if (before != null && !before.id().equals(answer.id())) {
      LOG.warn("the registration had lapsed; this agent is now number {}", answer.id().value());
    }
  }

  private void becomeEstranged(Registered other) {
    otherClusterId = other.clusterId();
    LOG.error("THIS AGENT HAS LOST ITS CLUSTER: {}", otherCluster());
    // Before anything else: whatever happens to the call below, this agent has to end.
    estranged.complete(otherCluster());
    leave(other.id());
  }

  private String otherCluster() {
    return "the control plane was that of cluster %s, and is now that of cluster %s: its journal is another one than before"
        .formatted(clusterId, otherClusterId);
  }

  private void renewForever() {
    try {
      while (!estranged.isDone()) {
        environment.tasks().sleepMs(registered.leaseMs() / RENEWALS_PER_LEASE);
        renewOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void renewOnce() {
    try {
      if (renew() && outage.ends()) {
        LOG.info("the registration is renewed again");
      }
    } catch (ControlPlaneException e) {
      if (outage.isNews(e.getMessage())) {
        LOG.warn("registration not renewed, trying again: {}", e.getMessage());
      }
    }
  }
}
