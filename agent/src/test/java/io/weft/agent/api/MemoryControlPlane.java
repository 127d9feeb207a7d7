package io.weft.agent.api;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.Step;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// A control plane of topics, agents, producer ids and transactions only, in memory. Thread-safe.
public final class MemoryControlPlane
    implements ControlPlane, TopicCatalog, Producers, ExtentIndex {
  public static final String CLUSTER_ID = "memory";

  /// The time of all that is asked.
  public static final long NOW_MS = 1_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<String, Topic> byName = new TreeMap<>();
  private final List<Membership.Agent> agents = new ArrayList<>();
  private final TreeMap<PartitionId, Long> sizes = new TreeMap<>();
  private long version = 1;
  private int membershipEpoch = 1;
  private final ControlPlaneState state = founded();
  private List<Transactions.ActiveProducer> active = List.of();
  private boolean away;
  private int createsUnanswered;

  /// The real state keeps producer ids, transactions and what administrators set.
  private static ControlPlaneState founded() {
    ControlPlaneState state = new ControlPlaneState();
    state.found(CLUSTER_ID, NOW_MS);
    state.ledBy(() -> new Quorum.Status("memory", 1, 7, 1_000));
    return state;
  }

  /// From here on every call fails, until called with false.
  public void setAway(boolean isAway) {
    locked(() -> away = isAway);
  }

  /// So many creations will happen and not be answered.
  public void loseCreateAnswers(int count) {
    locked(() -> createsUnanswered = count);
  }

  public void addAgent(int id, String zone, String host, int port) {
    locked(
        () -> {
          agents.add(new Membership.Agent(new AgentId(id), new Zone(zone), host, port));
          membershipEpoch++;
          return version++;
        });
  }

  public void setSize(PartitionId partition, long bytes) {
    locked(() -> sizes.put(partition, bytes));
  }

  private <R> R asked(Supplier<R> question) {
    return locked(
        () -> {
          if (away) {
            throw new ControlPlaneException.Unavailable("away", null);
          }
          return question.get();
        });
  }

  private <R> R locked(Supplier<R> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Page page(Position known) {
    return asked(
        () ->
            Page.of(
                new Catalog(
                    version,
                    CLUSTER_ID,
                    membershipEpoch,
                    List.copyOf(byName.values()),
                    List.copyOf(agents)),
                known));
  }

  @Override
  public CreateOutcome create(NewTopic topic) {
    return asked(
        () -> {
          CreateOutcome outcome = createdNow(topic);
          if (createsUnanswered > 0) {
            createsUnanswered--;
            throw new ControlPlaneException.Unavailable("no answer", null);
          }
          return outcome;
        });
  }

  private CreateOutcome createdNow(NewTopic topic) {
    Topic there = byName.get(topic.name());
    if (there != null) {
      return there.id().equals(topic.id()) ? CreateOutcome.CREATED : CreateOutcome.NAME_TAKEN;
    }
    String unified = topic.name().replace('.', '_');
    if (byName.keySet().stream().anyMatch(name -> name.replace('.', '_').equals(unified))) {
      return CreateOutcome.NAME_COLLIDES;
    }
    byName.put(
        topic.name(),
        new Topic(
            topic.id(),
            topic.name(),
            topic.partitions(),
            topic.replicationFactor(),
            1,
            topic.settings()));
    version++;
    return CreateOutcome.CREATED;
  }

  private Optional<Topic> byId(TopicId id) {
    return byName.values().stream().filter(topic -> topic.id().equals(id)).findFirst();
  }

  @Override
  public boolean delete(TopicId id) {
    return asked(
        () -> {
          Optional<Topic> topic = byId(id);
          topic.ifPresent(
              there -> {
                byName.remove(there.name());
                version++;
              });
          return topic.isPresent();
        });
  }

  /// Every partition is taken to end at offset 100 and to begin at 10.
  @Override
  public List<DeleteOutcome> deleteRecords(List<RecordsBefore> deletions) {
    return asked(() -> deletions.stream().map(this::deletedNow).toList());
  }

  private DeleteOutcome deletedNow(RecordsBefore deletion) {
    Optional<Topic> topic = byId(deletion.partition().topic());
    if (topic.isEmpty() || deletion.partition().partition() >= topic.get().partitions()) {
      return new DeleteOutcome.UnknownPartition();
    }
    return deletion.offset() < -1 || deletion.offset() > 100
        ? new DeleteOutcome.OutOfRange()
        : new DeleteOutcome.Deleted(
            deletion.offset() == -1 ? 100 : Math.max(10, deletion.offset()));
  }

  @Override
  public GrowOutcome grow(TopicId id, int partitions) {
    return asked(
        () -> {
          Optional<Topic> topic = byId(id);
          if (topic.isEmpty()) {
            return GrowOutcome.UNKNOWN_TOPIC;
          }
          Topic there = topic.get();
          if (there.partitions() >= partitions) {
            return GrowOutcome.NOT_MORE;
          }
          byName.put(
              there.name(),
              new Topic(
                  id,
                  there.name(),
                  partitions,
                  there.replicationFactor(),
                  there.settingsVersion(),
                  there.settings()));
          version++;
          return GrowOutcome.GROWN;
        });
  }

  @Override
  public ConfigureOutcome configure(
      TopicId id, long expectedVersion, Map<String, String> settings) {
    return asked(
        () -> {
          Optional<Topic> topic = byId(id);
          if (topic.isEmpty()) {
            return ConfigureOutcome.UNKNOWN_TOPIC;
          }
          Topic there = topic.get();
          if (there.settingsVersion() != expectedVersion) {
            return ConfigureOutcome.VERSION_CHANGED;
          }
          byName.put(
              there.name(),
              new Topic(
                  id,
                  there.name(),
                  there.partitions(),
                  there.replicationFactor(),
                  expectedVersion + 1,
                  Map.copyOf(settings)));
          version++;
          return ConfigureOutcome.CONFIGURED;
        });
  }

  @Override
  public ProducerIds leaseIds(AgentId agent, int count) {
    return asked(() -> state(Producers.class).leaseIds(agent, count));
  }

  @Override
  public List<Long> sizes(List<PartitionId> partitions) {
    return asked(() -> partitions.stream().map(id -> sizes.getOrDefault(id, 0L)).toList());
  }

  @Override
  public List<ExtentsFound> find(List<ExtentQuery> queries) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<ExtentsFound> findByTime(List<TimeQuery> queries) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <A> A as(Class<A> asker) {
    if (asker == Transactions.class) {
      return asker.cast(transactions());
    }
    if (asker == Membership.class) {
      return asker.cast(new Nobody());
    }
    return asker.isInstance(this) ? asker.cast(this) : asked(() -> state(asker));
  }

  private Transactions transactions() {
    return new Transactions() {
      @Override
      public Outcome take(TransactionStep step) {
        return asked(() -> state(Transactions.class).take(step));
      }

      @Override
      public List<Optional<Description>> describe(List<String> transactionalIds) {
        return asked(() -> state(Transactions.class).describe(transactionalIds));
      }

      @Override
      public List<Listed> list(Filter filter, String after) {
        return asked(() -> state(Transactions.class).list(filter, after));
      }

      @Override
      public List<Optional<List<ActiveProducer>>> producers(List<PartitionId> partitions) {
        return asked(() -> partitions.stream().map(id -> Optional.of(active)).toList());
      }
    };
  }

  /// What every partition answers if it is asked for its producers.
  public void setActive(List<Transactions.ActiveProducer> producers) {
    locked(() -> active = producers);
  }

  private <A> A state(Class<A> asker) {
    return state.in(new Step(NOW_MS, new ArrayList<>(), ChangeListener.NONE)).as(asker);
  }

  @Override
  public CommitFeed feed() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  /// Has no agents but those that were added.
  private static final class Nobody implements Membership {
    @Override
    public Registered register(UUID instance, Zone zone, String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean renew(AgentId agent) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void leave(AgentId agent) {
      throw new UnsupportedOperationException();
    }
  }
}
