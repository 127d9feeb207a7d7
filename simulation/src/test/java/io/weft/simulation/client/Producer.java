package io.weft.simulation.client;

import io.weft.environment.Pending;
import io.weft.simulation.client.ProducerBatch.Identity;
import io.weft.simulation.cluster.ClientLink;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.fault.Sight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;

/// A producer that sends and sends again as Java's does, with an id or without; up to five requests
/// are on their way at once, one if it has no id. Runs on threads of its world.
public final class Producer {
  private static final short PRODUCE_VERSION = 12;
  private static final int UNRESOLVED_MAX = 12;
  private static final int IN_FLIGHT_MAX = 5;
  private static final int RECORDS_MAX = 4;
  private static final int BACKOFF_MS = 100;
  private static final int WAIT_MS = 200;
  private static final List<Compression> CODECS =
      List.of(Compression.NONE, Compression.NONE, Compression.lz4().build());

  private final Caller caller;
  private final Notes notes;
  private final boolean idempotent;
  private final int pauseMsMax;
  private final Map<String, Lane> lanes = new TreeMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Pending<Boolean> ended = new Pending<>();
  private Identity identity;
  private long nextBatchMs;
  private int inFlight;
  private boolean stopping;

  private Producer(Cluster cluster, Notes notes, boolean idempotent, int pauseMsMax) {
    this.notes = notes;
    this.idempotent = idempotent;
    this.pauseMsMax = pauseMsMax;
    int process = notes.process();
    this.caller = new Caller(cluster, "producer-" + process);
    this.identity =
        new Identity(process, RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH);
  }

  public static Producer start(
      Cluster cluster,
      Notes notes,
      List<TopicPartition> partitions,
      boolean idempotent,
      int pauseMsMax) {
    Producer producer = new Producer(cluster, notes, idempotent, pauseMsMax);
    partitions.forEach(partition -> producer.lanes.put(partition.toString(), new Lane(partition)));
    cluster.world().start("producer", producer::run);
    return producer;
  }

  /// It makes no more batches; those it has are sent to the end.
  public void stop() {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// @return false if it has not sent everything in time
  public boolean awaitEnd(long timeoutMs) throws InterruptedException {
    return ended.awaitMs(caller.world().environment(), timeoutMs);
  }

  private void run() {
    try {
      if (idempotent) {
        identity = renewed();
      }
      while (step()) {
        if (idempotent && caller.weather().oneIn(400)) {
          begin();
        }
      }
      ended.complete(true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// @return false once all is done
  private boolean step() throws InterruptedException {
    List<ProducerBatch> request;
    lock.lock();
    try {
      if (stopping && unresolved() == 0) {
        return false;
      }
      make();
      request = take();
      if (request.isEmpty()) {
        caller
            .world()
            .environment()
            .tasks()
            .awaitMs(lock, changed, 1 + caller.weather().upTo(WAIT_MS));
        return true;
      }
      inFlight++;
    } finally {
      lock.unlock();
    }
    send(request);
    return true;
  }

  /// A new identity: the same id with a new epoch, or a new id. What is on its way is given up, or
  /// not: nobody will ever say what became of it.
  private void begin() throws InterruptedException {
    Identity next =
        caller.weather().oneIn(2)
            ? new Identity(identity.process(), identity.id(), (short) (identity.epoch() + 1))
            : renewed();
    lock.lock();
    try {
      identity = next;
      lanes.values().forEach(Lane::reset);
    } finally {
      lock.unlock();
    }
  }

  private Identity renewed() throws InterruptedException {
    InitProducerIdRequestData data =
        new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(60_000);
    while (true) {
      try {
        InitProducerIdResponse response =
            (InitProducerIdResponse)
                caller.ask(new InitProducerIdRequest.Builder(data).build((short) 4));
        if (response.error() == Errors.NONE) {
          notes.saw(response.data().producerId());
          return new Identity(
              notes.process(), response.data().producerId(), response.data().producerEpoch());
        }
      } catch (ClientLink.Lost e) {
        // As when it is told to try again.
      }
      caller.world().sleepMs(BACKOFF_MS);
    }
  }

  private int unresolved() {
    return lanes.values().stream().mapToInt(Lane::unresolved).sum();
  }

  private void make() {
    long nowMs = caller.world().nowMs();
    if (stopping || nowMs < nextBatchMs || unresolved() >= UNRESOLVED_MAX) {
      return;
    }
    nextBatchMs = nowMs + caller.weather().upTo(pauseMsMax);
    List<Lane> all = new ArrayList<>(lanes.values());
    Lane lane = all.get(caller.weather().upTo(all.size() - 1));
    if (!idempotent && lane.unresolved() > 0) {
      return; // what lands late must not land behind what the same client sent later
    }
    List<Long> values = new ArrayList<>();
    for (int i = caller.weather().upTo(RECORDS_MAX - 1); i >= 0; i--) {
      values.add(notes.value());
    }
    lane.add(
        new ProducerBatch(
            lane.partition(),
            values,
            identity,
            lane.nextSequence(),
            caller.world().environment().clock().wallMs(),
            notes.recorder()));
  }

  private List<ProducerBatch> take() {
    List<ProducerBatch> request = new ArrayList<>();
    if (inFlight < (idempotent ? IN_FLIGHT_MAX : 1)) {
      for (Lane lane : lanes.values()) {
        lane.take(caller.world().nowMs()).ifPresent(request::add);
      }
    }
    return request;
  }

  private void send(List<ProducerBatch> batches) throws InterruptedException {
    if (caller.weather().oneIn(50)) {
      caller.leave();
    }
    ClientLink link = caller.link();
    Pending<AbstractResponse> answer = link.send(request(batches));
    caller
        .world()
        .start(
            "produce",
            () -> {
              try {
                answered(batches, (ProduceResponse) caller.await(link, answer));
              } catch (ClientLink.Lost e) {
                lost(batches);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private ProduceRequest request(List<ProducerBatch> batches) {
    ProduceRequestData data = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(8_000);
    for (ProducerBatch batch : batches) {
      String name = batch.partition().topic();
      TopicProduceData topic =
          Optional.ofNullable(data.topicData().find(name, Uuid.ZERO_UUID))
              .orElseGet(() -> added(data, name));
      topic
          .partitionData()
          .add(
              new PartitionProduceData()
                  .setIndex(batch.partition().partition())
                  .setRecords(batch.records(CODECS.get(batch.lastSequence() & 1))));
    }
    return new ProduceRequest(data, PRODUCE_VERSION);
  }

  private static TopicProduceData added(ProduceRequestData data, String name) {
    TopicProduceData topic = new TopicProduceData().setName(name);
    data.topicData().add(topic);
    return topic;
  }

  private void lost(List<ProducerBatch> batches) {
    lock.lock();
    try {
      inFlight--;
      batches.forEach(this::unknown);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void answered(List<ProducerBatch> batches, ProduceResponse response) {
    lock.lock();
    try {
      inFlight--;
      for (TopicProduceResponse topic : response.data().responses()) {
        for (PartitionProduceResponse answer : topic.partitionResponses()) {
          batches.stream()
              .filter(batch -> batch.partition().topic().equals(topic.name()))
              .filter(batch -> batch.partition().partition() == answer.index())
              .forEach(batch -> answered(batch, answer));
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void answered(ProducerBatch batch, PartitionProduceResponse answer) {
    Lane lane = lanes.get(batch.partition().toString());
    Errors error = Errors.forCode(answer.errorCode());
    notes.saw(answer.baseOffset() * 100 + answer.errorCode());
    if (!lane.isInFlight(batch)) {
      return; // of an identity that was given up
    }
    switch (error) {
      case NONE, DUPLICATE_SEQUENCE_NUMBER -> {
        lane.acked(batch);
        batch.acked(answer.baseOffset(), notes.recorder());
        if (answer.baseOffset() >= 0) {
          notes.acked(batch.partition(), batch.lastOffset(answer.baseOffset()));
        }
      }
      case NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS, UNKNOWN_TOPIC_OR_PARTITION ->
          refused(lane, batch);
      case REQUEST_TIMED_OUT -> {
        caller.weather().saw(Sight.PRODUCE_TIMED_OUT);
        unknown(batch);
      }
      case OUT_OF_ORDER_SEQUENCE_NUMBER -> {
        if (batch.sentAsNext) {
          notes.complain(
              "%s refused sequence %d of %s, which is the next",
              batch.partition(), batch.baseSequence(), batch.identity());
        }
        again(lane, batch);
      }
      default -> {
        notes.complain("%s answered %s to %s", batch.partition(), error, batch.identity());
        lane.done(batch);
      }
    }
  }

  /// It did not and will not happen.
  private void refused(Lane lane, ProducerBatch batch) {
    caller.weather().saw(Sight.PRODUCE_REFUSED);
    if (!idempotent && caller.weather().oneIn(3)) {
      lane.done(batch);
      batch.failed(notes.recorder());
    } else {
      again(lane, batch);
    }
    caller.leave();
  }

  /// It may have happened.
  private void unknown(ProducerBatch batch) {
    Lane lane = lanes.get(batch.partition().toString());
    if (!lane.isInFlight(batch)) {
      return;
    }
    if (idempotent) {
      again(lane, batch);
    } else {
      // It may still land, behind what is sent now: as if another client had sent it.
      lane.done(batch);
      identity = new Identity(notes.process(), identity.id(), identity.epoch());
    }
    caller.leave();
  }

  private void again(Lane lane, ProducerBatch batch) {
    lane.again(batch, caller.world().nowMs() + BACKOFF_MS);
  }
}
