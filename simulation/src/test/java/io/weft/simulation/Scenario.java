package io.weft.simulation;

import io.weft.history.HistoryBuilder;
import io.weft.history.Recorder;
import io.weft.history.check.Checker;
import io.weft.history.check.Expectations;
import io.weft.history.check.Pipeline;
import io.weft.history.check.Verdict;
import io.weft.simulated.SimulatedWorld;
import io.weft.simulation.client.AckedReader;
import io.weft.simulation.client.Consumer;
import io.weft.simulation.client.Feeder;
import io.weft.simulation.client.FinalReader;
import io.weft.simulation.client.GroupOffsets;
import io.weft.simulation.client.Notes;
import io.weft.simulation.client.Producer;
import io.weft.simulation.client.Topics;
import io.weft.simulation.client.TransactionalId;
import io.weft.simulation.client.Worker;
import io.weft.simulation.cluster.Build;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.cluster.Knobs;
import io.weft.simulation.fault.FaultCounts;
import io.weft.simulation.queue.QueueLedger;
import io.weft.simulation.queue.QueueMember;
import io.weft.simulation.table.TableLedger;
import io.weft.simulation.table.TableReader;
import io.weft.simulation.table.TableWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/// One seed's story: a cluster is used while things go wrong; then it heals, everything must come
/// to its end, everything is read, and it is judged what was seen.
final class Scenario {
  private static final long DRAIN_MS = 180_000;

  /// Without a cache and with small chunks a read of a few records may take seconds.
  private static final long CATCH_UP_MS = 3_600_000;

  private static final long SETTLE_MS = 60_000;
  private static final int DISTURBED_MAX = 4;
  private static final int LOOK_MS = 200;

  /// Longer than a member may keep records, while the leader's time goes at half its pace, or
  /// hangs.
  private static final long QUIET_MS = 90_000;

  private static final Pipeline PIPELINE =
      Pipeline.numbered(GroupOffsets.GROUP, Topics.INPUT + "-", Topics.OUTPUT + "-");

  private final SimulatedWorld world;
  private final Knobs knobs;
  private final FaultCounts counts = new FaultCounts();
  private final HistoryBuilder history = new HistoryBuilder();
  private final Cluster cluster;
  private final Notes notes;
  private final List<Producer> producers = new ArrayList<>();
  private final List<Consumer> consumers = new ArrayList<>();
  private final List<TransactionalId> feeders = new ArrayList<>();
  private final List<TransactionalId> workers = new ArrayList<>();
  private final List<QueueMember> members = new ArrayList<>();
  private final QueueLedger ledger;
  private final List<TableWriter> tableWriters = new ArrayList<>();
  private final List<TableReader> tableReaders = new ArrayList<>();
  private final TableLedger table;

  /// Otherwise what nobody has read need not be lost.
  private boolean readToEnd;

  private Scenario(SimulatedWorld world, Knobs knobs, Build build) {
    this.world = world;
    this.knobs = knobs;
    this.cluster = new Cluster(world, knobs, counts, build);
    this.notes = new Notes(world, new Recorder(world.environment().clock()::nanos, history));
    this.ledger = new QueueLedger(cluster, notes);
    this.table = new TableLedger(notes, cluster.weather(), knobs.table().deleteRetentionMs());
  }

  /// Plays a seed, and once more if another world has disturbed it.
  static Report play(long seed, Build build) {
    Report report = playOnce(seed, build);
    for (int i = 1; i < DISTURBED_MAX && report.disturbed(); i++) {
      report = playOnce(seed, build);
    }
    return report;
  }

  private static Report playOnce(long seed, Build build) {
    Knobs knobs = Knobs.of(seed);
    Scenario[] played = new Scenario[1];
    List<String> complaints = new ArrayList<>();
    long trace = 0;
    boolean disturbed = false;
    try {
      trace =
          SimulatedWorld.run(
              seed,
              world -> {
                played[0] = new Scenario(world, knobs, build);
                played[0].play();
              });
    } catch (AssertionError e) {
      complaints.add(Report.described(e));
      disturbed = e.getCause() instanceof SimulatedWorld.Disturbed;
    }
    return played[0].report(seed, trace, complaints, disturbed);
  }

  private void play() throws InterruptedException {
    world.endAtFirstFailure();
    Topics topics =
        Topics.create(
            cluster, knobs.partitions(), knobs.logAppendTimes(), knobs.pipeline().partitions());
    startQueue(topics);
    startClients(topics);
    startTable();
    AckedReader asker = AckedReader.start(cluster, notes, topics.partitions());
    cluster.trouble();
    Nemesis nemesis = new Nemesis(cluster, knobs);
    nemesis.rage();
    cluster.weather().heal();
    nemesis.heal();
    producers.forEach(Producer::stop);
    tableWriters.forEach(TableWriter::stop);
    for (Producer producer : producers) {
      if (!producer.awaitEnd(DRAIN_MS)) {
        notes.complain("a producer is not done %d ms after all was healed", DRAIN_MS);
      }
    }
    end(feeders, "a transactional producer");
    if (knobs.pipeline().isThere()) {
      // The workers are there for what the producers have given up and is still on its way, too.
      world.sleepMs(SETTLE_MS);
      awaitGroup(topics);
    }
    end(workers, "a worker");
    awaitConsumers(topics);
    consumers.forEach(Consumer::stop);
    awaitQueue(topics);
    tableReaders.forEach(TableReader::stop);
    asker.stop();
    // What its producer has given up may still be on its way.
    world.sleepMs(SETTLE_MS);
    endTable();
    FinalReader.Log log = new FinalReader(cluster, notes, topics).read();
    if (knobs.pipeline().isThere()) {
      new GroupOffsets(cluster, notes, topics.of(Topics.INPUT)).ask();
    }
    readToEnd = true;
    new Audit(cluster, notes).check(log);
    new LeakCheck(cluster, notes).await();
  }

  private void startQueue(Topics topics) throws InterruptedException {
    if (knobs.queueMembers() > 0) {
      QueueMember.begin(cluster, notes, ledger, topics, topics.forQueue());
    }
    for (int i = 0; i < knobs.queueMembers(); i++) {
      members.add(QueueMember.start(cluster, notes, ledger, topics, topics.forQueue()));
    }
  }

  private void startTable() throws InterruptedException {
    if (knobs.table().isThere()) {
      long retentionMs = knobs.table().deleteRetentionMs();
      tableWriters.add(TableWriter.start(cluster, table, retentionMs));
      tableReaders.add(TableReader.start(cluster, table));
    }
  }

  private void endTable() throws InterruptedException {
    for (TableWriter writer : tableWriters) {
      if (!writer.awaitEnd(DRAIN_MS)) {
        notes.complain("a writer of the table is not done %d ms after all healed", DRAIN_MS);
      }
      if (!TableWriter.deletesBehindReader(cluster, table)) {
        notes.complain("the table cannot be written and read after all healed");
      }
    }
  }

  private void startClients(Topics topics) {
    List<TopicPartition> partitions = topics.forAnybody();
    List<TopicPartition> inputs = topics.of(Topics.INPUT);
    for (int i = 0; i < knobs.pipeline().feeders(); i++) {
      feeders.add(Feeder.start(cluster, notes, inputs, knobs.clients().pauseMsMax()));
    }
    for (int i = 0; i < knobs.pipeline().workers(); i++) {
      workers.add(Worker.start(cluster, notes, inputs, topics.of(Topics.OUTPUT)));
    }
    for (int i = 0; i < knobs.clients().idempotent() + knobs.clients().plain(); i++) {
      boolean idempotent = i < knobs.clients().idempotent();
      producers.add(
          Producer.start(cluster, notes, partitions, idempotent, knobs.clients().pauseMsMax()));
    }
    for (int i = 0; i < knobs.clients().consumers(); i++) {
      consumers.add(Consumer.start(cluster, notes, topics));
    }
  }

  private void end(List<TransactionalId> ids, String who) throws InterruptedException {
    ids.forEach(TransactionalId::stop);
    for (TransactionalId id : ids) {
      if (!id.awaitEnd(DRAIN_MS)) {
        notes.complain("%s is not done %d ms after all was healed", who, DRAIN_MS);
      }
    }
  }

  /// Until the group is behind all that there is in its input.
  private void awaitGroup(Topics topics) throws InterruptedException {
    GroupOffsets offsets = new GroupOffsets(cluster, notes, topics.of(Topics.INPUT));
    long deadlineMs = world.nowMs() + CATCH_UP_MS;
    while (!offsets.isAtEnd()) {
      if (world.nowMs() > deadlineMs) {
        notes.complain("the group is not at its end %d ms after all was healed", CATCH_UP_MS);
        return;
      }
      world.sleepMs(LOOK_MS);
    }
  }

  /// Until nothing has been given to the share group's members for so long that nobody can have
  /// anything any more.
  private void awaitQueue(Topics topics) throws InterruptedException {
    if (members.isEmpty()) {
      return;
    }
    members.forEach(QueueMember::drain);
    world.sleepMs(QUIET_MS);
    long deadlineMs = world.nowMs() + CATCH_UP_MS;
    while (ledger.quietMs() < QUIET_MS) {
      if (world.nowMs() > deadlineMs) {
        notes.complain("a share group is not at its end %d ms after all was healed", CATCH_UP_MS);
        return;
      }
      world.sleepMs(LOOK_MS);
    }
    members.forEach(QueueMember::stop);
    ledger.check(topics.forQueue());
  }

  private void awaitConsumers(Topics topics) throws InterruptedException {
    long deadlineMs = world.nowMs() + CATCH_UP_MS;
    for (Consumer consumer : consumers) {
      for (TopicPartition partition : topics.partitions()) {
        while (consumer.position(partition) <= notes.highestAcked(partition)) {
          if (world.nowMs() > deadlineMs) {
            notes.complain(
                "a consumer is at %d of %s, which was acknowledged up to %d, %d ms after all"
                    + " healed",
                consumer.position(partition),
                partition,
                notes.highestAcked(partition),
                CATCH_UP_MS);
            return;
          }
          world.sleepMs(LOOK_MS);
        }
      }
    }
  }

  private Report report(long seed, long trace, List<String> complaints, boolean disturbed) {
    complaints.addAll(notes.complaints());
    complaints.addAll(cluster.told().tooEarly());
    cluster.agents().forEach(agent -> complaints.addAll(agent.alarms()));
    Expectations all =
        knobs.pipeline().isThere()
            ? Expectations.transactions().withPipeline(PIPELINE)
            : Expectations.idempotentProducers();
    Verdict verdict = Checker.check(history.history(), readToEnd ? all : all.withoutFinalReads());
    return new Report(
        seed,
        trace,
        world.nowMs(),
        world.steps(),
        counts,
        notes.acks(),
        verdict,
        complaints,
        disturbed);
  }
}
