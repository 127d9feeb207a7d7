package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.TransactionStep.Caller;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.state.transaction.OpenTransaction;
import io.weft.model.AgentId;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Asks a state about transactions, and a model of what it must answer. Owned by one thread.
final class RandomTransactions {
  private static final int PARTITIONS = 3;

  /// A transactional id: what it is, as the model has it.
  private static final class Client {
    private final String id;
    private final boolean isNew;
    private ProducerEpoch now;
    private Optional<ProducerEpoch> before = Optional.empty();
    private String state = "empty";
    private final Set<Integer> partitions = new TreeSet<>();

    private Client(String id, boolean isNew) {
      this.id = id;
      this.isNew = isNew;
    }

    private boolean isOpen() {
      return state.equals("open");
    }
  }

  /// A partition: what it holds, as the model has it.
  private static final class Log {
    private long end;
    private final List<Marker> markers = new ArrayList<>();

    /// Where each producer's open transaction begins.
    private final Map<Long, Long> open = new TreeMap<>();

    /// By producer and epoch: the next sequence, and the last batch if it counts.
    private final Map<String, Integer> sequences = new TreeMap<>();

    private final Map<String, long[]> last = new TreeMap<>();
  }

  final TestCluster cluster = new TestCluster();
  final Set<String> said = new TreeSet<>();

  private final Random random;
  private final AgentId agent = cluster.register(1);
  private final TopicId topic = cluster.topic("t", PARTITIONS);
  private final List<Client> clients = new ArrayList<>();
  private final List<Log> logs = new ArrayList<>();
  private long nextFile = cluster.lease(agent, 10_000);

  RandomTransactions(long seed) {
    random = new Random(seed);
    for (int i = 0; i < PARTITIONS; i++) {
      logs.add(new Log());
    }
    for (int i = 0; i < 4; i++) {
      Client client = new Client("id-" + i, i % 2 == 0);
      clients.add(client);
      Outcome made = init(client, Optional.empty());
      client.now = ((Outcome.Done) made).producer();
    }
  }

  void step() {
    cluster.nowMs += random.nextInt(3);
    Client client = clients.get(random.nextInt(clients.size()));
    switch (random.nextInt(20)) {
      case 0 -> stepInit(client, Optional.empty());
      case 1 -> stepInit(client, Optional.of(somebody(client)));
      case 2, 3, 4 -> stepAdd(client, somebody(client));
      case 5, 6, 7, 8 -> stepEnd(client, somebody(client), random.nextInt(3) > 0);
      case 9 -> timeOut(client);
      case 10 -> plain(random.nextInt(PARTITIONS));
      case 11 -> outside(client);
      case 12 -> again(client, random.nextInt(PARTITIONS));
      default -> batch(client, somebody(client), random.nextInt(PARTITIONS));
    }
    if (random.nextInt(20) == 0) {
      compare();
    }
  }

  /// All that can be seen of the logs.
  void compare() {
    for (int i = 0; i < PARTITIONS; i++) {
      Log log = logs.get(i);
      long stable = log.open.values().stream().mapToLong(first -> first).min().orElse(log.end);
      assertThat(cluster.bounds(partition(i))).isEqualTo(new PartitionBounds(0, log.end, stable));
      int from = Math.max(0, log.markers.size() - 100);
      List<Marker> newest = log.markers.subList(from, log.markers.size());
      if (!newest.isEmpty()) {
        assertThat(markers(i, newest.getFirst().offset())).startsWith(newest.getFirst());
        assertThat(markers(i, newest.getFirst().offset())).isEqualTo(newest);
      }
    }
    for (Client client : clients) {
      assertThat(
              cluster.as(Transactions.class).describe(List.of(client.id)).getFirst().orElseThrow())
          .satisfies(
              shown -> {
                assertThat(shown.producer()).isEqualTo(client.now);
                assertThat(shown.partitions())
                    .isEqualTo(client.partitions.stream().map(this::partition).toList());
              });
    }
  }

  private List<Marker> markers(int partition, long offset) {
    List<Marker> markers = new ArrayList<>();
    long from = offset;
    while (from < logs.get(partition).end) {
      for (Span span : cluster.spans(partition(partition), from)) {
        if (span instanceof Marker marker) {
          markers.add(marker);
        }
        from = span.lastOffset() + 1;
      }
    }
    return markers;
  }

  /// Mostly the client's present identity, sometimes a former one.
  private ProducerEpoch somebody(Client client) {
    int epoch = client.now.epoch();
    return epoch > 0 && random.nextInt(8) == 0
        ? new ProducerEpoch(client.now.producerId(), (short) (epoch - 1))
        : client.now;
  }

  private void stepInit(Client client, Optional<ProducerEpoch> expected) {
    String want;
    if (expected.isPresent() && client.before.equals(expected)) {
      want = "" + client.now;
      client.state = client.isOpen() ? "open" : "empty";
    } else if (expected.isPresent() && !expected.get().equals(client.now)) {
      want = "FENCED";
    } else {
      if (client.isOpen()) {
        ended(client, false, true);
      }
      client.now = next(client.now);
      client.before = expected;
      client.state = "empty";
      want = "" + client.now;
    }
    heard(init(client, expected), want);
  }

  private void stepAdd(Client client, ProducerEpoch producer) {
    if (client.isNew) {
      return;
    }
    int partition = random.nextInt(PARTITIONS);
    String want = "FENCED";
    if (producer.equals(client.now)) {
      client.partitions.add(partition);
      client.state = "open";
      want = "" + producer;
    }
    heard(
        take(
            new TransactionStep.AddPartitions(
                caller(client), producer, List.of(partition(partition)))),
        want);
  }

  private void stepEnd(Client client, ProducerEpoch producer, boolean commit) {
    String want = end(client, producer, commit);
    heard(take(new TransactionStep.End(caller(client), producer, commit, client.isNew)), want);
  }

  private String end(Client client, ProducerEpoch producer, boolean commit) {
    String result = commit ? "committed" : "aborted";
    if (client.before.equals(Optional.of(producer)) && hasEnded(client) && client.isNew) {
      return client.state.equals(result) ? "" + client.now : commit ? "FENCED" : "INVALID_STATE";
    }
    if (!producer.equals(client.now)) {
      return "FENCED";
    }
    if (!client.isOpen() && !client.isNew) {
      return client.state.equals(result) ? "" + client.now : "INVALID_STATE";
    }
    if (!client.isOpen() && commit) {
      return "INVALID_STATE";
    }
    ended(client, commit, client.isNew);
    if (client.isNew) {
      client.before = Optional.of(client.now);
      client.now = next(client.now);
    } else {
      client.before = Optional.empty();
    }
    client.state = result;
    return "" + client.now;
  }

  private void timeOut(Client client) {
    for (OpenTransaction open : cluster.state.transactions().open()) {
      if (open.transactionalId().equals(client.id)) {
        ended(client, false, true);
        client.before = client.isNew ? Optional.of(client.now) : Optional.empty();
        client.now = next(client.now);
        client.state = "aborted";
        cluster.in().transactions().timeOut(open);
        said.add("timed out");
      }
    }
  }

  private void plain(int partition) {
    logs.get(partition).end += 2;
    cluster.commit(agent, nextFile++, RunBuilder.run(partition(partition)).batch(2).build());
  }

  private void batch(Client client, ProducerEpoch producer, int partition) {
    Log log = logs.get(partition);
    String key = "" + producer;
    int sequence = log.sequences.getOrDefault(key, 0) + (random.nextInt(12) == 0 ? 3 : 0);
    String want;
    if (!producer.equals(client.now)) {
      want = "INVALID_PRODUCER_EPOCH@-1";
    } else if (!client.isNew && !client.partitions.contains(partition)) {
      want = "NOT_IN_TRANSACTION@-1";
    } else if (sequence != log.sequences.getOrDefault(key, 0)) {
      want = "OUT_OF_ORDER_SEQUENCE@-1";
    } else {
      want = "PLACED@" + log.end;
      log.open.putIfAbsent(producer.producerId(), log.end);
      log.sequences.put(key, sequence + 2);
      log.last.put(key, new long[] {sequence, log.end});
      log.end += 2;
      client.partitions.add(partition);
      client.state = "open";
    }
    heard(partition, transactional(client, producer, partition, sequence), want);
  }

  /// The last batch of a producer's again.
  private void again(Client client, int partition) {
    Log log = logs.get(partition);
    long[] last = log.last.get("" + client.now);
    if (last == null) {
      return;
    }
    heard(
        partition,
        transactional(client, client.now, partition, (int) last[0]),
        last[1] < 0
            ? client.isNew || client.partitions.contains(partition)
                ? "OUT_OF_ORDER_SEQUENCE@-1"
                : "NOT_IN_TRANSACTION@-1"
            : "DUPLICATE@" + last[1]);
  }

  /// A batch without a transaction, while its producer has one open.
  private void outside(Client client) {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      Log log = logs.get(partition);
      if (log.open.containsKey(client.now.producerId())) {
        int sequence = log.sequences.getOrDefault("" + client.now, 0);
        RunBuilder run =
            RunBuilder.run(partition(partition))
                .idempotent(client.now.producerId(), client.now.epoch(), sequence, 2);
        heard(partition, run, "INVALID_TRANSACTION_STATE@-1");
      }
    }
  }

  private RunBuilder transactional(
      Client client, ProducerEpoch producer, int partition, int sequence) {
    RunBuilder run = RunBuilder.run(partition(partition)).under(client.id);
    long id = producer.producerId();
    return client.isNew
        ? run.transactional(id, producer.epoch(), sequence, 2)
        : run.added(id, producer.epoch(), sequence, 2);
  }

  private void ended(Client client, boolean commit, boolean fences) {
    long id = client.now.producerId();
    int epoch = client.now.epoch() + (fences ? 1 : 0);
    for (int partition : client.partitions) {
      Log log = logs.get(partition);
      Long first = log.open.remove(id);
      log.markers.add(
          new Marker(
              log.end, id, (short) epoch, commit, first == null ? log.end : first, cluster.nowMs));
      log.end++;
      long[] last = log.last.get("" + client.now);
      if (!commit && first != null && last != null) {
        last[1] = -1;
      }
    }
    client.partitions.clear();
  }

  private static boolean hasEnded(Client client) {
    return client.state.equals("committed") || client.state.equals("aborted");
  }

  private void heard(int partition, RunBuilder run, String want) {
    List<String> told = TestCluster.told(cluster.commit(agent, nextFile++, run.build()));
    assertThat(told).as("in partition %d", partition).containsExactly(want);
    said.add(want.split("@", 2)[0]);
  }

  private void heard(Outcome outcome, String want) {
    String told =
        switch (outcome) {
          case Outcome.Done(ProducerEpoch producer) -> "" + producer;
          case Outcome.Refused(var why) -> why.name();
        };
    assertThat(told).isEqualTo(want);
    said.add(want);
  }

  private Outcome init(Client client, Optional<ProducerEpoch> expected) {
    return take(new TransactionStep.Initialize(caller(client), 60_000, expected));
  }

  private Caller caller(Client client) {
    return new Caller(client.id, agent, 1);
  }

  private Outcome take(TransactionStep step) {
    return cluster.as(Transactions.class).take(step);
  }

  private PartitionId partition(int number) {
    return new PartitionId(topic, number);
  }

  private static ProducerEpoch next(ProducerEpoch producer) {
    return new ProducerEpoch(producer.producerId(), (short) (producer.epoch() + 1));
  }
}
