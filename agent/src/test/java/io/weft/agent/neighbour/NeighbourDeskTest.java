package io.weft.agent.neighbour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.cache.CacheSettings;
import io.weft.agent.cache.ChunkSlice;
import io.weft.agent.cache.HeldLeases;
import io.weft.agent.cache.LocalChunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.TestBatch;
import io.weft.agent.fetch.TestFiles;
import io.weft.agent.fetch.TestStore;
import io.weft.agent.neighbour.seal.TestSeals;
import io.weft.environment.Pending;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.FilePlace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How an agent answers its neighbours.
class NeighbourDeskTest {
  private static final PartitionId PARTITION = new PartitionId(new TopicId(7, 1), 3);
  private static final int RANGES = NeighbourMessage.RANGES_MAX;

  private final TestStore store = new TestStore();
  private final ManualTime time = new ManualTime(3);
  private final LocalChunks chunks =
      new LocalChunks(
          new ClusterBucket(store, TestFiles.CLUSTER), new CacheSettings(1 << 20, 64 << 20, 600));
  private final NeighbourFigures.Counts counts = new NeighbourFigures.Counts();
  private final NeighbourDesk desk =
      new NeighbourDesk(
          chunks,
          TestSeals.of(2, time.environment().clock()),
          time.environment(),
          new NeighbourSettings(2_000, 0, 0, 0, 0, RangeAsked.LENGTH_MAX, RANGES),
          counts);

  @AfterEach
  void allIsReleased() {
    HeldLeases.awaitNone(chunks);
  }

  private void put(long fileId) {
    TestBatch batch = TestBatch.of(1, "file " + fileId);
    store.putFile(fileId, TestFiles.of(fileId, Map.of(PARTITION, batch.bytes())).body().toBytes());
  }

  private static RangeAsked range(long fileId, boolean heldOnly) {
    return new RangeAsked(fileId, 64, 20, heldOnly, true);
  }

  private List<NeighbourMessage> answer(RangeAsked... ranges)
      throws GarbledMessageException, BusyException, InterruptedException {
    List<byte[]> sent = new ArrayList<>();
    desk.serve(NeighbourMessage.request(List.of(ranges)), sent::add);
    List<NeighbourMessage> messages = new ArrayList<>();
    for (byte[] each : sent) {
      messages.add(NeighbourMessage.read(each));
    }
    return messages;
  }

  @Test
  void aRangeIsAnsweredByItsFooterAndItsBytes() throws Exception {
    put(1);
    assertThat(answer(range(1, false)))
        .satisfiesExactly(
            footer -> assertThat(footer).isInstanceOf(NeighbourMessage.Footer.class),
            piece -> {
              assertThat(piece).isInstanceOf(NeighbourMessage.Piece.class);
              assertThat(((NeighbourMessage.Piece) piece).bytes().remaining()).isEqualTo(20);
              assertThat(((NeighbourMessage.Piece) piece).position()).isEqualTo(64);
            });
    assertThat(answer(new RangeAsked(1, 64, 20, false, false)).getFirst())
        .isInstanceOf(NeighbourMessage.Known.class);
    assertThat(counts.servedBytes.get()).isEqualTo(40);
  }

  @Test
  void whatIsHeldComesBeforeWhatHasToBeBrought() throws Exception {
    put(1);
    put(2);
    ChunkSlice.releaseAll(chunks.read(FilePlace.of(2), 64, 20, ReadPurpose.TAIL));
    CountDownLatch gate = store.closeGate();
    List<Integer> order = new ArrayList<>();
    desk.serve(
        NeighbourMessage.request(List.of(range(1, false), range(2, false))),
        message -> {
          order.add((int) message[2]);
          gate.countDown();
          return true;
        });

    assertThat(order).containsExactly(1, 1, 0, 0);
  }

  @Test
  void whileTheStoreIsSlowItsAskerHearsThatItReads() throws Exception {
    put(1);
    CountDownLatch gate = store.closeGate();
    List<byte[]> sent = Collections.synchronizedList(new ArrayList<>());
    Pending<Boolean> answered = new Pending<>();
    time.start(
        "owner",
        () -> {
          try {
            desk.serve(NeighbourMessage.request(List.of(range(1, false))), sent::add);
          } catch (GarbledMessageException | BusyException unexpected) {
            throw new AssertionError(unexpected);
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
          answered.complete(true);
        });
    time.awaitWaiting(1);
    assertThat(sent).isEmpty();
    time.advanceMs(500);
    while (sent.isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(NeighbourMessage.read(sent.getFirst())).isEqualTo(new NeighbourMessage.NotYet(0));

    gate.countDown();
    answered.await();
    assertThat(sent).hasSize(3);
  }

  @Test
  void anAskerThatTakesItSlowlyHoldsNoChunk() throws Exception {
    put(1);
    List<byte[]> sent = new ArrayList<>();
    desk.serve(
        NeighbourMessage.request(List.of(range(1, false))),
        message -> {
          HeldLeases.awaitNone(chunks);
          return sent.add(message);
        });

    assertThat(sent).hasSize(2);
  }

  @Test
  void whatIsAskedForOnlyIfHeldIsNotBrought() throws Exception {
    put(1);
    assertThat(answer(range(1, true)))
        .containsExactly(new NeighbourMessage.Refused(0, NeighbourMessage.Refusal.NOT_HELD));
    assertThat(store.gets()).isZero();
  }

  @Test
  void whatTheStoreDoesNotGiveIsRefused() throws Exception {
    assertThat(answer(range(9, false)))
        .containsExactly(new NeighbourMessage.Refused(0, NeighbourMessage.Refusal.FAILED));
  }

  /// A position so large that no chunk has its number: it must not stop the agent that is asked.
  @Test
  void aRangeThatNoFileReachesIsGarbled() {
    byte[] request = NeighbourMessage.request(List.of(range(1, false)));
    ByteBuffer.wrap(request).putLong(11, Long.MAX_VALUE - RangeAsked.LENGTH_MAX);

    assertThatThrownBy(() -> desk.serve(request, message -> true))
        .isInstanceOf(GarbledMessageException.class)
        .hasMessageContaining("file 1 from byte 9223372036850581503 on");
  }

  @Test
  void aRangeBehindTheEndOfItsFileIsRefused() throws Exception {
    put(1);
    for (long position : new long[] {1_000, 1L << 30, RangeAsked.POSITION_MAX}) {
      assertThat(answer(new RangeAsked(1, position, 20, false, true)))
          .containsExactly(new NeighbourMessage.Refused(0, NeighbourMessage.Refusal.FAILED));
    }
  }

  @Test
  void aFileThatIsNotItselfIsRefused() throws Exception {
    put(1);
    TestBatch batch = TestBatch.of(1, "another");
    store.deleteFile(1);
    store.putFile(1, TestFiles.of(2, Map.of(PARTITION, batch.bytes())).body().toBytes());

    assertThat(answer(range(1, false)))
        .containsExactly(new NeighbourMessage.Refused(0, NeighbourMessage.Refusal.FAILED));
  }

  /// A hanging store must not make the asker wait, nor the next one.
  @Test
  void beyondItsLimitsItIsBusyAtOnceAndFreeAgainWhenTheReadsHaveEnded() throws Exception {
    for (long fileId = 1; fileId <= RANGES; fileId++) {
      put(fileId);
    }
    List<RangeAsked> all = new ArrayList<>();
    for (long fileId = 1; fileId <= RANGES; fileId++) {
      all.add(range(fileId, false));
    }
    CountDownLatch gate = store.closeGate();
    Pending<Boolean> answered = new Pending<>();
    time.start(
        "first",
        () -> {
          try {
            desk.serve(NeighbourMessage.request(all), message -> true);
          } catch (GarbledMessageException | BusyException unexpected) {
            throw new AssertionError(unexpected);
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
          answered.complete(true);
        });
    while (store.gets() < RANGES) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> answer(range(1, true))).isInstanceOf(BusyException.class);

    // Its asker is not waited for any longer, but the reads still are under way.
    time.runUntil(answered::isDone);
    assertThatThrownBy(() -> answer(range(1, true))).isInstanceOf(BusyException.class);
    assertThat(counts.turnedAway.get()).isEqualTo(2);

    gate.countDown();
    boolean free = false;
    while (!free) {
      try {
        free = !answer(all.toArray(RangeAsked[]::new)).isEmpty();
      } catch (BusyException reading) {
        Thread.onSpinWait();
      }
    }
    assertThat(store.gets()).isEqualTo(RANGES);
  }

  @Test
  void anAskerThatIsGoneKeepsNoShare() throws Exception {
    put(1);
    List<RangeAsked> all = Collections.nCopies(RANGES, range(1, true));
    for (int i = 0; i < 3; i++) {
      desk.serve(NeighbourMessage.request(all), message -> false);
    }
    ChunkSlice.releaseAll(chunks.read(FilePlace.of(1), 64, 20, ReadPurpose.TAIL));
    for (int i = 0; i < 3; i++) {
      desk.serve(NeighbourMessage.request(all), message -> false);
    }
    assertThat(counts.turnedAway.get()).isZero();
    assertThat(answer(range(1, true))).hasSize(2);
  }

  @Test
  void anAskerThatTakesLittleAtATimeKeepsItsShareNoLongerThanAnother() throws Exception {
    put(1);
    List<RangeAsked> all = Collections.nCopies(RANGES, range(1, false));
    List<byte[]> sent = new ArrayList<>();
    desk.serve(
        NeighbourMessage.request(all),
        message -> {
          time.advanceMs(4_000);
          return sent.add(message);
        });

    assertThat(sent).hasSize(3);
    assertThat(answer(range(1, true))).hasSize(2);
  }

  @Test
  void moreBytesThanItServesAtOnceAreRefused() {
    RangeAsked large = new RangeAsked(1, 0, RangeAsked.LENGTH_MAX, true, false);
    Pending<Boolean> inside = new Pending<>();
    Pending<Boolean> go = new Pending<>();
    time.start(
        "first",
        () -> {
          try {
            desk.serve(
                NeighbourMessage.request(List.of(large)),
                message -> {
                  inside.complete(true);
                  return go.await();
                });
          } catch (GarbledMessageException | BusyException unexpected) {
            throw new AssertionError(unexpected);
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
        });
    while (!inside.isDone()) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> answer(range(1, true))).isInstanceOf(BusyException.class);
    go.complete(true);
  }
}
