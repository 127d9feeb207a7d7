package io.weft.bench;

import io.weft.environment.BlockingCalls;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.server.settings.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// How long a group of many standard consumers takes until every partition has one owner and every
/// member has its share: first when all come at once, then each time one leaves and comes back.
final class RebalanceBench {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long SETTLE_MS_MAX = 300_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Settings settings;
  private final Environment environment;
  private final String group;
  private final int partitions;

  /// Clients poll on platform threads: a consumer of the KIP-848 protocol that waits for its share
  /// may keep its thread busy, and a virtual one would let no other come to its turn.
  private final BlockingCalls polling;

  /// What each member last had, by its number.
  private final List<Set<TopicPartition>> owned = new ArrayList<>();

  private RebalanceBench(Settings settings, Environment environment, int partitions) {
    this.settings = settings;
    this.environment = environment;
    this.partitions = partitions;
    // One that leaves may still be closing while it is replaced.
    this.polling = new BlockingCalls("bench-poll", settings.number("members") + 1);
    this.group = settings.text("topic") + "-" + environment.clock().wallMs();
  }

  static BenchReport run(Settings settings, Environment environment) throws InterruptedException {
    BenchTopic.create(settings);
    RebalanceBench bench =
        new RebalanceBench(settings, environment, BenchTopic.partitions(settings).size());
    return bench.measure();
  }

  private final class Member {
    private final int number;
    private final Pending<Boolean> ended = new Pending<>();
    private volatile boolean leaving;

    Member(int number) {
      this.number = number;
      environment.tasks().start("bench-member-" + number, this::run);
    }

    void leave() throws InterruptedException {
      leaving = true;
      ended.await();
    }

    private void run() {
      try {
        polling.run(this::consume);
        note(number, Set.of());
        ended.complete(true);
      } catch (IOException | RuntimeException e) {
        ended.fail(new KafkaException("member " + number + " has failed", e));
      }
    }

    private boolean consume() {
      try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
        consumer.subscribe(List.of(settings.text("topic")));
        while (!leaving) {
          consumer.poll(POLL);
          note(number, consumer.assignment());
        }
      }
      return true;
    }
  }

  private BenchReport measure() throws InterruptedException {
    int count = settings.number("members");
    Histogram times = new Histogram(3);
    double cpuBefore = BenchReport.processCpuSeconds();
    List<Member> members = new ArrayList<>();
    long begin = environment.clock().nanos();
    for (int i = 0; i < count; i++) {
      owned.add(Set.of());
    }
    for (int i = 0; i < count; i++) {
      members.add(new Member(i));
    }
    awaitShared(count, -1);
    double together = (environment.clock().nanos() - begin) / 1e9;
    for (int round = 0; round < settings.number("rounds"); round++) {
      int number = round % count;
      members.get(number).leave();
      times.recordValue(timedMicros(count - 1, number));
      members.set(number, new Member(number));
      times.recordValue(timedMicros(count, -1));
    }
    double seconds = (environment.clock().nanos() - begin) / 1e9;
    for (Member member : members) {
      member.leaving = true;
    }
    for (Member member : members) {
      member.leave();
    }
    polling.close();
    return new BenchReport(
        "rebalance (all_at_once_s=%.2f, the latency is that of one leaving or coming)"
            .formatted(together),
        times.getTotalCount(),
        0,
        seconds,
        BenchReport.processCpuSeconds() - cpuBefore,
        times);
  }

  private long timedMicros(int sharing, int absent) throws InterruptedException {
    long begin = environment.clock().nanos();
    awaitShared(sharing, absent);
    return (environment.clock().nanos() - begin) / 1000;
  }

  private void note(int number, Set<TopicPartition> assignment) {
    lock.lock();
    try {
      if (!owned.get(number).equals(assignment)) {
        owned.set(number, Set.copyOf(assignment));
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until every partition has one owner, and each of `sharing` members (all but `absent`)
  /// has its share.
  private void awaitShared(int sharing, int absent) throws InterruptedException {
    long deadlineMs = environment.clock().monotonicMs() + SETTLE_MS_MAX;
    lock.lock();
    try {
      while (!isShared(sharing, absent)) {
        long leftMs = deadlineMs - environment.clock().monotonicMs();
        if (leftMs <= 0) {
          throw new KafkaException("the group did not settle within " + SETTLE_MS_MAX + " ms");
        }
        environment.tasks().awaitMs(lock, changed, leftMs);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isShared(int sharing, int absent) {
    int least = partitions / sharing;
    Set<Integer> all = new TreeSet<>();
    int total = 0;
    for (int i = 0; i < owned.size(); i++) {
      Set<TopicPartition> each = owned.get(i);
      if (i != absent && each.size() < least) {
        return false;
      }
      total += each.size();
      each.forEach(partition -> all.add(partition.partition()));
    }
    return total == partitions && all.size() == partitions;
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            settings.text("bootstrap.servers"),
            ConsumerConfig.CLIENT_ID_CONFIG,
            settings.text("client.id"),
            ConsumerConfig.GROUP_ID_CONFIG,
            group,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            settings.text("group.protocol"),
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
