package io.weft.simulation.client;

import io.weft.history.Action;
import io.weft.simulation.cluster.AgentNode;
import io.weft.simulation.cluster.ClientLink;
import io.weft.simulation.cluster.Cluster;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.FetchResponse;

/// Reads everything through every agent, as it stands and once more after it was started again: all
/// must give the same bytes. Runs on the scenario's thread, after all has healed.
public final class FinalReader {
  private static final int WAIT_MAX = 100;
  private static final int PAUSE_MS = 300;
  private static final int WAIT_MS = 500;

  private final Cluster cluster;
  private final Notes notes;
  private final Topics topics;

  public FinalReader(Cluster cluster, Notes notes, Topics topics) {
    this.cluster = cluster;
    this.notes = notes;
    this.topics = topics;
  }

  /// @param ids of the topics, by name
  /// @param bytes all batches of each partition, as agents give them
  public record Log(Topics ids, Map<TopicPartition, byte[]> bytes) {}

  public Log read() throws InterruptedException {
    List<AgentNode> agents = cluster.agents();
    Map<TopicPartition, byte[]> log = read(agents.getFirst());
    for (AgentNode agent : agents.subList(1, agents.size())) {
      compare(log, read(agent), agent.name());
    }
    for (AgentNode agent : agents) {
      agent.kill();
      agent.start();
      compare(log, read(agent), agent.name() + ", started again");
    }
    return new Log(topics, log);
  }

  private void compare(
      Map<TopicPartition, byte[]> log, Map<TopicPartition, byte[]> other, String who) {
    log.forEach(
        (partition, bytes) -> {
          if (!Arrays.equals(bytes, other.get(partition))) {
            notes.complain(
                "%s has %d other bytes of %s than the first agent's %d",
                who, other.get(partition).length, partition, bytes.length);
          }
        });
  }

  private Map<TopicPartition, byte[]> read(AgentNode agent) throws InterruptedException {
    Caller caller = new Caller(cluster, agent);
    int process = notes.process();
    notes
        .recorder()
        .note(
            process,
            new Action.Assign(topics.partitions().stream().map(Object::toString).toList()));
    Map<TopicPartition, byte[]> log = new LinkedHashMap<>();
    for (TopicPartition partition : topics.partitions()) {
      long end = end(caller, partition);
      if (end <= notes.highestAcked(partition)) {
        notes.complain(
            "%s ends at %d in the end and has no offset %d, which was acknowledged",
            partition, end, notes.highestAcked(partition));
      }
      log.put(partition, read(caller, partition, end, process));
    }
    return log;
  }

  private long end(Caller caller, TopicPartition partition) throws InterruptedException {
    for (int i = 0; i < WAIT_MAX; i++) {
      try {
        ListOffsetsPartitionResponse answer = AckedReader.end(caller, partition);
        if (answer.errorCode() == Errors.NONE.code()) {
          return answer.offset();
        }
      } catch (ClientLink.Lost e) {
        // Again.
      }
      caller.world().sleepMs(PAUSE_MS);
    }
    notes.complain("nobody says where %s ends", partition);
    return 0;
  }

  private byte[] read(Caller caller, TopicPartition partition, long end, int process)
      throws InterruptedException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    long position = 0;
    int failures = 0;
    while (position < end && failures < WAIT_MAX) {
      int op = notes.recorder().invoke(process, new Action.Poll());
      List<Action.Run> runs = new ArrayList<>();
      long before = position;
      try {
        PartitionData answer =
            AckedReader.fetch(caller, partition, position, WAIT_MS, IsolationLevel.READ_COMMITTED);
        if (answer.errorCode() == Errors.OFFSET_OUT_OF_RANGE.code()) {
          notes.complain("%s ends at %d and has no offset %d", partition, end, position);
        }
        Fetches.Given given = Fetches.given(partition, position, answer, notes);
        given.run().ifPresent(runs::add);
        collect((MemoryRecords) FetchResponse.recordsOrFail(answer), all);
        position = given.next();
      } catch (ClientLink.Lost e) {
        // Again.
      }
      notes.recorder().ok(op, new Action.Poll(runs));
      if (position == before) {
        failures++;
        caller.world().sleepMs(PAUSE_MS);
      }
    }
    if (position < end) {
      notes.complain("%s cannot be read at %d of %d", partition, position, end);
    }
    return all.toByteArray();
  }

  private static void collect(MemoryRecords records, ByteArrayOutputStream all) {
    for (RecordBatch batch : records.batches()) {
      ByteBuffer bytes = ByteBuffer.allocate(batch.sizeInBytes());
      batch.writeTo(bytes);
      all.writeBytes(bytes.array());
    }
  }
}
