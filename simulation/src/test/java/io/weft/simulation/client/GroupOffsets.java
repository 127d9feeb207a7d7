package io.weft.simulation.client;

import io.weft.history.Action;
import io.weft.simulation.cluster.ClientLink;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.fault.Sight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;

/// Asks where the group goes on, until all of it is stable, and notes what it was told. Used by one
/// thread of its world at a time.
public final class GroupOffsets {
  public static final String GROUP = "g";

  private static final short VERSION = 9;
  private static final int BACKOFF_MS = 200;

  private final Caller caller;
  private final Notes notes;
  private final List<TopicPartition> partitions;
  private final int process;

  /// @param partitions of one topic
  public GroupOffsets(Cluster cluster, Notes notes, List<TopicPartition> partitions) {
    this.caller = new Caller(cluster, "offsets");
    this.notes = notes;
    this.partitions = partitions;
    this.process = notes.process();
  }

  public List<Action.Place> ask() throws InterruptedException {
    int op = notes.recorder().invoke(process, new Action.Committed(GROUP));
    Optional<List<Action.Place>> places = askOnce();
    while (places.isEmpty()) {
      caller.world().sleepMs(1 + caller.weather().upTo(BACKOFF_MS));
      places = askOnce();
    }
    notes.recorder().ok(op, new Action.Committed(GROUP, places.get()));
    return places.get();
  }

  /// Whether the group has behind it whatever a reader is given, acknowledged or not.
  public boolean isAtEnd() throws InterruptedException {
    for (Action.Place place : ask()) {
      TopicPartition partition =
          partitions.stream()
              .filter(each -> each.toString().equals(place.key()))
              .findFirst()
              .orElseThrow();
      if (!isAtEnd(partition, Math.max(0, place.offset()))) {
        return false;
      }
    }
    return true;
  }

  private boolean isAtEnd(TopicPartition partition, long from) throws InterruptedException {
    long position = from;
    while (true) {
      try {
        PartitionData answer =
            AckedReader.fetch(caller, partition, position, 0, IsolationLevel.READ_COMMITTED);
        if (answer.errorCode() != Errors.NONE.code()) {
          caller.leave();
          return false;
        }
        Fetches.Given given = Fetches.given(partition, position, answer, notes);
        if (given.run().isPresent() || given.next() == position) {
          return given.run().isEmpty();
        }
        position = given.next();
      } catch (ClientLink.Lost e) {
        return false;
      }
    }
  }

  private Optional<List<Action.Place>> askOnce() throws InterruptedException {
    OffsetFetchRequestData data =
        new OffsetFetchRequestData()
            .setRequireStable(true)
            .setGroups(
                List.of(
                    new OffsetFetchRequestGroup()
                        .setGroupId(GROUP)
                        .setTopics(
                            List.of(
                                new OffsetFetchRequestTopics()
                                    .setName(partitions.getFirst().topic())
                                    .setPartitionIndexes(
                                        partitions.stream()
                                            .map(TopicPartition::partition)
                                            .toList())))));
    try {
      OffsetFetchResponse response =
          (OffsetFetchResponse)
              caller.ask(OffsetFetchRequest.Builder.forTopicNames(data, true).build(VERSION));
      return places(response.data().groups().getFirst());
    } catch (ClientLink.Lost e) {
      return Optional.empty();
    }
  }

  private Optional<List<Action.Place>> places(OffsetFetchResponseGroup answer) {
    Errors error = Errors.forCode(answer.errorCode());
    notes.saw(error.code());
    if (error != Errors.NONE) {
      caller.leave();
      return Optional.empty();
    }
    List<Action.Place> places = new ArrayList<>();
    for (OffsetFetchResponseTopics topic : answer.topics()) {
      for (OffsetFetchResponsePartitions partition : topic.partitions()) {
        if (partition.errorCode() == Errors.UNSTABLE_OFFSET_COMMIT.code()) {
          caller.weather().saw(Sight.OFFSETS_UNSTABLE);
        }
        if (partition.errorCode() != Errors.NONE.code()) {
          return Optional.empty();
        }
        notes.saw(partition.committedOffset());
        places.add(
            new Action.Place(
                new TopicPartition(topic.name(), partition.partitionIndex()).toString(),
                partition.committedOffset()));
      }
    }
    return Optional.of(places);
  }
}
