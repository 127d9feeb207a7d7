package io.weft.programs.clients;

import io.weft.programs.Clients;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;

/// A member of a group on a thread of its own, which commits what it has read before it gives a
/// partition away: as long as nobody dies, every record is read once.
final class GroupMember implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<String, String> consumer;
  private final ConcurrentLinkedQueue<String> values = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile Set<TopicPartition> assignment = Set.of();
  private final AtomicInteger rebalances = new AtomicInteger();
  private volatile boolean leaving;
  private volatile KafkaException failure;

  private GroupMember(KafkaConsumer<String, String> consumer, String topic) {
    this.consumer = consumer;
    this.thread = Thread.ofVirtual().start(() -> run(topic));
  }

  static GroupMember join(Clients clients, String group, String topic, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("group.id", group);
    return new GroupMember(clients.consumer(settings), topic);
  }

  /// All that these have read, each in its order.
  static List<String> values(GroupMember... members) {
    return Stream.of(members).flatMap(member -> member.values.stream()).toList();
  }

  /// The partitions that these have together.
  static Set<String> partitions(GroupMember... members) {
    return Stream.of(members)
        .flatMap(member -> member.assignment.stream())
        .map(TopicPartition::toString)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  List<String> values() {
    return List.copyOf(values);
  }

  int share() {
    return assignment.size();
  }

  /// How often it was given partitions, or none.
  int rebalances() {
    return rebalances.get();
  }

  /// What ended it before it was asked to.
  Optional<KafkaException> failure() {
    return Optional.ofNullable(failure);
  }

  private void run(String topic) {
    try (consumer) {
      consumer.subscribe(List.of(topic), new Listener());
      while (!leaving) {
        consumer.poll(POLL).forEach(record -> values.add(record.value()));
        commitUnlessRebalancing();
      }
    } catch (KafkaException e) {
      failure = e;
    }
  }

  /// During a rebalance the listener commits what is about to be lost, and the next round the rest.
  private void commitUnlessRebalancing() {
    try {
      consumer.commitSync();
    } catch (RebalanceInProgressException e) {
      return;
    }
  }

  /// Leaves; a static member does not tell the group.
  @Override
  public void close() {
    leaving = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Listener implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      consumer.commitSync();
      Set<TopicPartition> kept = new HashSet<>(assignment);
      kept.removeAll(partitions);
      assignment = kept;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      rebalances.incrementAndGet();
      assignment = Set.copyOf(consumer.assignment());
    }
  }
}
