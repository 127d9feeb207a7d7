package io.weft.agent.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.environment.ManualTime;
import io.weft.agent.files.FileIds;
import io.weft.agent.files.FileSettings;
import io.weft.agent.files.ModelLedger;
import io.weft.agent.memory.BlockPool;
import io.weft.agent.memory.ByteBudget;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.protocol.record.BatchRules;
import io.weft.protocol.record.BatchVerifier;
import io.weft.protocol.record.RawBatch;
import io.weft.protocol.record.Verification;
import io.weft.protocol.record.VerifiedBatch;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FilePlace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// A produce path between a store, a ledger and a sequencer that the test has in its hands.
final class ProduceRig {
  static final String CLUSTER = "rig";
  static final TopicId TOPIC = new TopicId(1, 2);
  private static final long CONNECTION = 1;
  static final ProduceSettings SETTINGS =
      new ProduceSettings(250, 10_000, 0, 3, new FileSettings(8, 0, 10, 100));

  final ManualTime time = ManualTime.movedBySleepers(7);
  final GatedStore store = new GatedStore();
  final ModelLedger ledger = new ModelLedger();
  final ModelSequencer sequencer = new ModelSequencer();
  final ByteBudget budget = new ByteBudget(1 << 20);
  final BlockPool memory = new BlockPool(32 << 20);
  final List<Long> announced = new CopyOnWriteArrayList<>();
  final ProducePath path;
  volatile AgentId agent = new AgentId(7);

  ProduceRig() {
    this(SETTINGS);
  }

  ProduceRig(ProduceSettings settings) {
    FileIds ids = new FileIds(time.environment(), ledger, () -> agent, settings.files());
    this.path =
        ProducePath.start(
            time.environment(),
            new ClusterBucket(store, CLUSTER),
            sequencer,
            ids,
            this::announce,
            settings);
  }

  private void announce(FilePlace place, ComposedFile file) {
    announced.add(place.fileId());
  }

  static PartitionId partition(int index) {
    return new PartitionId(TOPIC, index);
  }

  static VerifiedBatch batch(String... values) {
    return verified(RawBatch.of(values).build());
  }

  static VerifiedBatch verified(ByteBuffer bytes) {
    Verification verification = BatchVerifier.verify(bytes, BatchRules.sizeOnly(1 << 24));
    return ((Verification.Accepted) verification).batch();
  }

  static ProduceAppend.Batch to(int partition, String... values) {
    return new ProduceAppend.Batch(partition(partition), batch(values), false, 0);
  }

  /// As one request would: takes a share and memory that is used again, appends, gives its own hold
  /// on them back.
  Pending<List<ProduceOutcome>> append(ProduceAppend.Batch... batches) throws InterruptedException {
    int bytes = Arrays.stream(batches).mapToInt(each -> each.batch().sizeInBytes()).sum();
    ByteBudget.Share share = budget.acquire(bytes);
    Optional<BlockPool.Block> block = memory.take(bytes);
    block.ifPresent(share::carry);
    List<ProduceAppend.Batch> placed =
        block.map(it -> placed(batches, it.buffer())).orElse(List.of(batches));
    List<ProduceAppend> appends = ProduceAppend.of(placed, CONNECTION, share);
    Pending<List<ProduceOutcome>> outcomes = path.append(appends.getFirst());
    share.release();
    return outcomes;
  }

  private static List<ProduceAppend.Batch> placed(
      ProduceAppend.Batch[] batches, ByteBuffer memory) {
    List<ProduceAppend.Batch> placed = new ArrayList<>();
    for (ProduceAppend.Batch batch : batches) {
      int from = memory.position();
      memory.put(batch.batch().bytes().duplicate());
      ByteBuffer bytes = memory.slice(from, memory.position() - from);
      placed.add(
          new ProduceAppend.Batch(
              batch.partition(), verified(bytes), batch.addsItself(), batch.transactionalId()));
    }
    return placed;
  }

  /// Appends one batch that becomes a file of its own, and waits until its upload has begun.
  Pending<List<ProduceOutcome>> appendAsFile(int partition, String... values)
      throws InterruptedException {
    int before = store.begun().size();
    Pending<List<ProduceOutcome>> outcomes = append(to(partition, values));
    time.runUntil(() -> store.begun().size() > before);
    return outcomes;
  }

  /// The outcomes, while time goes on.
  List<ProduceOutcome> await(Pending<List<ProduceOutcome>> outcomes) throws InterruptedException {
    time.runUntil(outcomes::isDone);
    return outcomes.await();
  }

  /// Waits until the commit loop has settled all it was given and every upload has ended: then all
  /// memory is given back, and no put has read any of it too late.
  void awaitAllReleased() throws InterruptedException {
    budget.acquire(1 << 20).release();
    assertThat(memory.figures().blocks()).isZero();
    assertThat(memory.figures().bytesUsed()).isZero();
    assertThat(store.damaged()).isEmpty();
  }
}
