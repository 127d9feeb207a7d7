package io.weft.agent.membership;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Registered;
import io.weft.environment.Environment;
import io.weft.environment.Outage;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps this agent registered. Thread-safe; one thread of its own renews.
public final class Registration implements Supplier<AgentId>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

  /// Renewals in the time a lease lasts: two may be lost without harm.
  private static final int RENEWALS_PER_LEASE = 4;

  private final Membership membership;
  private final Environment environment;
  private final Zone zone;

  /// The same for every call: one whose answer was lost must not leave a second agent behind.
  private final UUID instance;

  private volatile String host;
  private volatile int port;
  private final Pending<AgentId> first = new Pending<>();
  private final Pending<String> estranged = new Pending<>();
  private volatile Registered registered;
  private volatile Thread renewer;
  private final Outage outage = new Outage();

  /// Until when the control plane counts this agent in, as far as that is known here.
  private volatile long validUntilMs;

  public Registration(Membership membership, Environment environment, Zone zone) {
    this.membership = membership;
    this.environment = environment;
    this.zone = zone;
    this.instance =
        new UUID(environment.randomness().nextLong(), environment.randomness().nextLong());
  }

  /// Registers, and begins to renew.
  ///
  /// @param host where clients reach this agent, with `port`
  /// @throws ControlPlaneException if the control plane cannot be reached
  public void start(String host, int port) {
    this.host = host;
    this.port = port;
    long askedMs = environment.clock().monotonicMs();
    remember(register(), askedMs);
    first.complete(registered.id());
    renewer = environment.tasks().start("registration", this::renewForever);
  }

  /// The id this agent has now. It changes only if the registration lapsed. Waits for the start.
  @Override
  public AgentId get() {
    Registered current = registered;
    return current == null ? awaitFirst() : current.id();
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
  /// @return what has happened, in a sentence for whoever runs this
  public Pending<String> estranged() {
    return estranged;
  }

  /// Whether the control plane still counts this agent in: it has said so within the lease.
  public boolean isValid() {
    return registered != null && environment.clock().monotonicMs() < validUntilMs;
  }

  /// Leaves: other agents and clients are told at once. Best effort, since the lease ends it
  /// anyway.
  @Override
  public void close() {
    Thread running = renewer;
    if (running == null) {
      return;
    }
    running.interrupt();
    try {
      membership.leave(get());
    } catch (ControlPlaneException e) {
      LOG.info("left without saying so: {}", e.getMessage());
    }
  }

  private Registered register() {
    return membership.register(instance, zone, host, port);
  }

  private void remember(Registered answer, long askedMs) {
    registered = answer;
    validUntilMs = askedMs + answer.leaseMs();
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
      long askedMs = environment.clock().monotonicMs();
      if (membership.renew(get())) {
        validUntilMs = askedMs + registered.leaseMs();
      } else {
        registeredAgain(register(), askedMs);
      }
      if (outage.ends()) {
        LOG.info("the registration is renewed again");
      }
    } catch (ControlPlaneException e) {
      if (outage.isNews(e.getMessage())) {
        LOG.warn("registration not renewed, trying again: {}", e.getMessage());
      }
    }
  }

  private void registeredAgain(Registered now, long askedMs) {
    String clusterId = registered.clusterId();
    if (now.clusterId().equals(clusterId)) {
      remember(now, askedMs);
      LOG.warn("the registration had lapsed; this agent is now number {}", now.id().value());
      return;
    }
    String what =
        "the control plane was that of cluster %s, and is now that of cluster %s: its journal is another one than before"
            .formatted(clusterId, now.clusterId());
    LOG.error("THIS AGENT HAS LOST ITS CLUSTER: {}", what);
    membership.leave(now.id());
    estranged.complete(what);
  }
}
