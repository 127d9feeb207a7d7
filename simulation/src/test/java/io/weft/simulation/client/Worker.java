package io.weft.simulation.client;

import io.weft.history.Action;
import io.weft.history.check.Pipeline;
import io.weft.simulation.cluster.ClientLink;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.fault.Weather;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;

/// As a member of a group makes an output of every input it reads, in transactions with the group's
/// offsets. One instance's job.
public final class Worker implements TransactionalId.Job {
  private static final int WAIT_MS = 200;
  private static final int PAUSE_MS = 50;
  private static final int INPUTS_MAX = 6;

  private final Notes notes;
  private final Caller caller;
  private final GroupMember member;
  private final List<TopicPartition> outputs;
  private final Map<TopicPartition, Long> positions = new LinkedHashMap<>();

  private Worker(
      Cluster cluster, Notes notes, List<TopicPartition> inputs, List<TopicPartition> outputs) {
    this.notes = notes;
    this.caller = new Caller(cluster, "worker");
    this.member = new GroupMember(cluster, notes, inputs);
    this.outputs = outputs;
  }

  public static TransactionalId start(
      Cluster cluster, Notes notes, List<TopicPartition> inputs, List<TopicPartition> outputs) {
    return TransactionalId.start(
        cluster,
        notes,
        "worker-" + notes.process(),
        () -> new Worker(cluster, notes, inputs, outputs));
  }

  @Override
  public void play(TransactionalProducer producer, TransactionalId.Hanging hanging)
      throws InterruptedException {
    member
        .join()
        .ifPresent(
            places -> {
              positions.clear();
              positions.putAll(places);
            });
    Map<TopicPartition, Long> next = new LinkedHashMap<>();
    List<Action.Run> runs = poll(next);
    if (next.isEmpty()) {
      caller.world().sleepMs(1 + caller.weather().upTo(PAUSE_MS));
      return;
    }
    hanging.perhaps();
    GroupMember.Standing standing = member.standing();
    producer.begin();
    producer.polled(new Action.Poll(runs));
    boolean goesOn = transform(runs, producer);
    hanging.perhaps();
    goesOn = goesOn && producer.commitOffsets(standing, next);
    hanging.perhaps();
    boolean commits = goesOn && !caller.weather().oneIn(8);
    boolean committed = !producer.isFenced() && producer.end(commits);
    if (committed) {
      positions.putAll(next);
    } else {
      // What its transaction said is not so, or not known: it asks again.
      member.rejoin();
    }
  }

  @Override
  public void leave(boolean orderly) throws InterruptedException {
    if (orderly) {
      member.leave();
    } else {
      member.vanish();
    }
  }

  /// @param next is given where each partition goes on that has moved
  private List<Action.Run> poll(Map<TopicPartition, Long> next) throws InterruptedException {
    List<Action.Run> runs = new ArrayList<>();
    for (Map.Entry<TopicPartition, Long> entry : positions.entrySet()) {
      TopicPartition partition = entry.getKey();
      long position = entry.getValue();
      try {
        PartitionData answer =
            AckedReader.fetch(caller, partition, position, WAIT_MS, IsolationLevel.READ_COMMITTED);
        if (answer.errorCode() != Errors.NONE.code()) {
          if (answer.errorCode() == Errors.OFFSET_OUT_OF_RANGE.code()) {
            notes.complain("%s has no offset %d, where the group goes on", partition, position);
          }
          caller.leave();
          continue;
        }
        Fetches.Given given = Fetches.given(partition, position, answer, notes);
        if (given.next() > position) {
          given.run().ifPresent(run -> runs.add(first(run)));
          next.put(
              partition,
              given
                  .run()
                  .filter(run -> run.count() > INPUTS_MAX)
                  .map(run -> run.offsets()[INPUTS_MAX - 1] + 1)
                  .orElse(given.next()));
        }
      } catch (ClientLink.Lost e) {
        // Nothing of this one.
      }
    }
    return runs;
  }

  private static Action.Run first(Action.Run run) {
    return run.count() <= INPUTS_MAX
        ? run
        : new Action.Run(
            run.key(),
            Arrays.copyOf(run.offsets(), INPUTS_MAX),
            Arrays.copyOf(run.values(), INPUTS_MAX));
  }

  private boolean transform(List<Action.Run> runs, TransactionalProducer producer)
      throws InterruptedException {
    Weather weather = caller.weather();
    int attempt = notes.attempt();
    for (Action.Run run : runs) {
      List<Long> made = new ArrayList<>();
      for (long value : run.values()) {
        made.add(Pipeline.output(attempt, value));
      }
      if (!producer.send(outputs.get(weather.upTo(outputs.size() - 1)), made)) {
        return false;
      }
    }
    return true;
  }
}
