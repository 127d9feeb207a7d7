package io.weft.server.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.journal.JournalEntry;
import io.weft.controlplane.journal.JournalReader;
import io.weft.controlplane.journal.ObjectJournal;
import io.weft.controlplane.leader.EntryBody;
import io.weft.environment.Environment;
import io.weft.server.process.Breakpoint;
import io.weft.server.process.WeftProcess;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.url.ObjectStoreUrl;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Groups that take longer to be loaded than a leader's lease lasts: a process that takes over
/// after a kill is still taken for the leader meanwhile by the standby, and serves once it is done.
///
/// Loading is long by construction, whatever the machine: the leader's thread is held in it until
/// the journal shows that two leases have passed. Each process has one processor, so that what the
/// leader's thread does not leave to others is nobody's.
@Timeout(600)
@Order(1)
class LongLoadingTest {
  private static final int WAIT_MS_MAX = 240_000;
  private static final int LEASE_MS = 4_000;

  /// One is written every third of a lease.
  private static final int HEARTBEATS = 6;

  private static final int LOOK_EVERY_MS = 100;
  private static final String LOADED_BY = "io.weft.controlplane.groups.LedGroups";
  private static final String LOADS = "begin";

  private static final String WIDE = "wide";
  private static final int PARTITIONS = 10_000;
  private static final int GROUPS = 5;
  private static final String READ = "read";
  private static final int RECORDS = 50;
  private static final int CONSUMED = 30;

  private static final String LEADS = " Leads from entry ";
  private static final String LEADS_NO_LONGER = " Leads no longer";
  private static final List<String> JVM =
      List.of(
          "-Xmx256m",
          "-XX:ActiveProcessorCount=1",
          "-Dlogback.configurationFile=logback.xml",
          Breakpoint.JVM_OPTION);

  @TempDir Path folder;

  @Test
  void aLeaderIsBelievedInWhileItLoads() throws Exception {
    try (WeftProcess first = controlPlane("first");
        WeftProcess one = controlPlane("one");
        WeftProcess other = controlPlane("other");
        WeftProcess agent =
            agent(String.join(",", first.address(), one.address(), other.address()))) {
      first.process().awaitLine(line -> line.contains(LEADS));
      GroupClients clients = new GroupClients(agent.address());
      commit(clients);
      consumeSome(clients);
      try (Breakpoint inOne = Breakpoint.at(one.process(), LOADED_BY, LOADS);
          Breakpoint inOther = Breakpoint.at(other.process(), LOADED_BY, LOADS);
          ObjectStore store = ObjectStoreUrl.open(journalUrl(), Environment.system())) {
        TermLook look = new TermLook(store);
        first.process().kill();
        awaitHeld(inOne, inOther);
        look.awaitHeartbeats();
      }
      clients.produce(READ, RECORDS, RECORDS, 1);
      offsetsAreRight(clients);
      readsOn(clients);
      assertThat(one.process().output() + other.process().output())
          .containsOnlyOnce(LEADS)
          .doesNotContain(LEADS_NO_LONGER);
    }
  }

  private static void awaitHeld(Breakpoint one, Breakpoint other) throws InterruptedException {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS_MAX);
    while (!one.holds(LOOK_EVERY_MS) && !other.holds(LOOK_EVERY_MS)) {
      assertThat(System.nanoTime()).as("nobody takes over").isLessThan(deadlineNs);
    }
  }

  /// What the journal says of the term after the one that it was in.
  private static final class TermLook {
    private final JournalReader reader;
    private final long epochBefore;
    private long next = 1;

    TermLook(ObjectStore store) {
      reader = new JournalReader(new ObjectJournal(store), Environment.system(), 1);
      long epoch = 0;
      for (Optional<JournalEntry> each = next(); each.isPresent(); each = next()) {
        epoch = each.get().tip().epoch();
      }
      epochBefore = epoch;
    }

    /// Waits until the next leader has written so many heartbeats, and nothing but its beginning
    /// before them, while nobody else has taken over.
    void awaitHeartbeats() throws InterruptedException {
      long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS_MAX);
      int heartbeats = 0;
      while (heartbeats < HEARTBEATS) {
        Optional<JournalEntry> entry = next();
        if (entry.isEmpty()) {
          assertThat(System.nanoTime()).as("%d heartbeats", heartbeats).isLessThan(deadlineNs);
          Thread.sleep(LOOK_EVERY_MS);
        } else if (entry.get().tip().epoch() > epochBefore) {
          assertThat(entry.get().tip().epoch()).isEqualTo(epochBefore + 1);
          switch (EntryBody.read(entry.get().body())) {
            case EntryBody.LeaderStarted _ -> assertThat(heartbeats).isZero();
            case EntryBody.Records(var records) -> {
              assertThat(records).isEmpty();
              heartbeats++;
            }
            case EntryBody.Resigned _, EntryBody.Quarantined _ ->
                throw new AssertionError("the leader has ended its term");
          }
        }
      }
    }

    private Optional<JournalEntry> next() {
      Optional<JournalEntry> entry = reader.read(next);
      next += entry.isPresent() ? 1 : 0;
      return entry;
    }
  }

  private static void commit(GroupClients clients) throws Exception {
    clients.createTopic(WIDE, PARTITIONS);
    try (Admin admin = clients.admin()) {
      for (int group = 0; group < GROUPS; group++) {
        admin
            .alterConsumerGroupOffsets(name(group), offsets(group))
            .all()
            .get(WAIT_MS_MAX, TimeUnit.MILLISECONDS);
      }
    }
  }

  private static String name(int group) {
    return "group-" + group;
  }

  private static Map<TopicPartition, OffsetAndMetadata> offsets(int group) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (int i = 0; i < PARTITIONS; i++) {
      offsets.put(new TopicPartition(WIDE, i), new OffsetAndMetadata(1_000_003L * group + i));
    }
    return offsets;
  }

  private static void offsetsAreRight(GroupClients clients) throws Exception {
    try (Admin admin = clients.admin()) {
      for (int group = 0; group < GROUPS; group++) {
        Map<TopicPartition, OffsetAndMetadata> said =
            admin
                .listConsumerGroupOffsets(Map.of(name(group), new ListConsumerGroupOffsetsSpec()))
                .partitionsToOffsetAndMetadata(name(group))
                .get(WAIT_MS_MAX, TimeUnit.MILLISECONDS);
        assertThat(said).isEqualTo(offsets(group));
      }
    }
  }

  private static void consumeSome(GroupClients clients) throws Exception {
    clients.createTopic(READ, 1);
    clients.produce(READ, 0, RECORDS, 1);
    try (KafkaConsumer<String, String> consumer =
        clients.consumer(READ, "max.poll.records", "" + CONSUMED)) {
      consumer.subscribe(List.of(READ));
      assertThat(GroupClients.poll(consumer, CONSUMED)).isEqualTo(numbers(0, CONSUMED));
      consumer.commitSync();
    }
  }

  private static void readsOn(GroupClients clients) {
    try (KafkaConsumer<String, String> consumer = clients.consumer(READ)) {
      consumer.subscribe(List.of(READ));
      assertThat(GroupClients.poll(consumer, 2 * RECORDS - CONSUMED))
          .isEqualTo(numbers(CONSUMED, 2 * RECORDS));
      consumer.commitSync();
    }
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  /// A disk that is busy for seconds is not what this is about.
  private String journalUrl() {
    return "file:" + folder.resolve("journal") + "?sync=false";
  }

  private WeftProcess controlPlane(String name) throws InterruptedException {
    return WeftProcess.start(
        folder.resolve(name),
        JVM,
        List.of(
            "control-plane",
            "--listen",
            "127.0.0.1:0",
            "--journal",
            journalUrl(),
            "--leader-lease-ms",
            "" + LEASE_MS));
  }

  private WeftProcess agent(String controlPlanes) throws InterruptedException {
    return WeftProcess.start(
        folder.resolve("agent"),
        List.of(
            "agent",
            "--listen",
            "127.0.0.1:0",
            "--control-plane",
            controlPlanes,
            "--bucket",
            "file:" + folder.resolve("records")));
  }
}
