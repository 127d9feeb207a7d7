package io.weft.agent.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.fetch.TestFiles;
import io.weft.agent.fetch.TestStore;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileIndex;
import io.weft.storage.file.FilePlace;
import io.weft.storage.file.FileReader;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LocalChunksTest {
  private static final int CHUNK = 100;

  private final TestStore store = new TestStore();

  private LocalChunks chunks(long bytesMax) {
    return new LocalChunks(
        new ClusterBucket(store, TestFiles.CLUSTER), new CacheSettings(CHUNK, bytesMax, 4));
  }

  private byte[] file(long fileId, int length) {
    byte[] bytes = new byte[length];
    new Random(fileId).nextBytes(bytes);
    store.putFile(fileId, bytes);
    return bytes;
  }

  private static ByteBuffer read(LocalChunks chunks, long fileId, long position, int length) {
    return read(chunks, fileId, position, length, ReadPurpose.TAIL);
  }

  private static ByteBuffer read(
      LocalChunks chunks, long fileId, long position, int length, ReadPurpose purpose) {
    List<ByteBuffer> parts = new ArrayList<>();
    List<ChunkSlice> slices = chunks.read(FilePlace.of(fileId), position, length, purpose);
    for (ChunkSlice slice : slices) {
      parts.addAll(slice.bytes().parts(0, slice.bytes().length()));
    }
    ByteBuffer copy = GatheredBytes.of(parts).copy(0, length);
    ChunkSlice.releaseAll(slices);
    return copy;
  }

  @Test
  void aShortFileCostsOneGetWhateverIsReadOfIt() {
    byte[] file = file(1, 140);
    LocalChunks chunks = chunks(1_000);
    assertThat(read(chunks, 1, 5, 10)).isEqualTo(ByteBuffer.wrap(file, 5, 10));
    assertThat(read(chunks, 1, 120, 20)).isEqualTo(ByteBuffer.wrap(file, 120, 20));
    assertThat(store.gets()).isEqualTo(1);
    assertThat(store.stats()).isZero();
  }

  @Test
  void aLongFileIsReadInAlignedPiecesAndItsLastOneIsShorter() {
    byte[] file = file(1, 430);
    LocalChunks chunks = chunks(1_000);
    assertThat(read(chunks, 1, 50, 380)).isEqualTo(ByteBuffer.wrap(file, 50, 380));
    // The first piece with the length, the footer, and four pieces.
    assertThat(store.gets()).isEqualTo(6);
    assertThat(store.stats()).isZero();
    assertThat(chunks.figures().loads()).isEqualTo(5);
    assertThat(chunks.figures().bytesHeld()).isEqualTo(430);
    int gets = store.gets();
    assertThat(read(chunks, 1, 0, 430)).isEqualTo(ByteBuffer.wrap(file));
    assertThat(store.gets()).isEqualTo(gets);
  }

  @Test
  void aRangeFarIntoAFileCostsItsPiecesAndTheFooter() {
    byte[] file = file(1, 430);
    LocalChunks chunks = chunks(1_000);
    assertThat(read(chunks, 1, 390, 20)).isEqualTo(ByteBuffer.wrap(file, 390, 20));
    // The footer, and two pieces.
    assertThat(store.gets()).isEqualTo(3);
    assertThat(store.stats()).isZero();
    read(chunks, 1, 210, 20);
    assertThat(store.gets()).as("the footer is remembered").isEqualTo(4);
  }

  @Test
  void theFootersReadIsSparedWhereTheFirstPieceReachesTheFilesEnd() {
    int chunk = FileReader.TAIL_BYTES + 10_000;
    LocalChunks chunks =
        new LocalChunks(
            new ClusterBucket(store, TestFiles.CLUSTER), new CacheSettings(chunk, 10L * chunk, 4));
    byte[] file = file(1, 3 * chunk - 5_000);
    assertThat(read(chunks, 1, file.length - 100, 50))
        .isEqualTo(ByteBuffer.wrap(file, file.length - 100, 50));
    assertThat(store.gets()).isEqualTo(1);
    read(chunks, 1, 10, 50);
    assertThat(store.gets()).isEqualTo(2);
    assertThat(store.stats()).isZero();
  }

  @Test
  void whatIsHeldStaysWithinItsBound() {
    LocalChunks chunks = chunks(250);
    for (int fileId = 0; fileId < 10; fileId++) {
      file(fileId, 90);
      read(chunks, fileId, 0, 90);
      assertThat(chunks.figures().bytesHeld()).isLessThanOrEqualTo(250);
    }
    assertThat(chunks.holds(FilePlace.of(9), 0, 90)).isTrue();
    assertThat(chunks.holds(FilePlace.of(8), 0, 90)).isTrue();
    assertThat(chunks.holds(FilePlace.of(7), 0, 90)).isFalse();
  }

  @Test
  void theLeastRecentlyUsedGoesFirst() {
    LocalChunks chunks = chunks(250);
    file(1, 100);
    file(2, 100);
    file(3, 100);
    read(chunks, 1, 0, 100);
    read(chunks, 2, 0, 100);
    read(chunks, 1, 0, 1);
    read(chunks, 3, 0, 100);
    assertThat(chunks.holds(FilePlace.of(1), 0, 100)).isTrue();
    assertThat(chunks.holds(FilePlace.of(2), 0, 100)).isFalse();
  }

  @Test
  void howeverManyAskThereIsOneGet() throws InterruptedException {
    byte[] file = file(1, 90);
    LocalChunks chunks = chunks(1_000);
    CountDownLatch gate = store.closeGate();
    List<Pending<ByteBuffer>> readers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int from = i % 80;
      Pending<ByteBuffer> reader = new Pending<>();
      readers.add(reader);
      Environment.system()
          .tasks()
          .start("reader", () -> reader.complete(read(chunks, 1, from, 10)));
    }
    while (chunks.figures().joined() < 199) {
      Thread.onSpinWait();
    }
    gate.countDown();
    for (int i = 0; i < readers.size(); i++) {
      assertThat(readers.get(i).await()).isEqualTo(ByteBuffer.wrap(file, i % 80, 10));
    }
    assertThat(store.gets()).isEqualTo(1);
  }

  @Test
  void aFailedLoadWakesAllAndIsNotRemembered() throws InterruptedException {
    byte[] file = file(1, 90);
    store.setAway(1, true);
    LocalChunks chunks = chunks(1_000);
    CountDownLatch gate = store.closeGate();
    List<Pending<String>> readers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Pending<String> reader = new Pending<>();
      readers.add(reader);
      Environment.system().tasks().start("reader", () -> reader.complete(outcome(chunks)));
    }
    while (chunks.figures().joined() < 19) {
      Thread.onSpinWait();
    }
    gate.countDown();
    for (Pending<String> reader : readers) {
      assertThat(reader.await()).isEqualTo("unavailable");
    }
    assertThat(chunks.figures().failures()).isEqualTo(1);
    store.setAway(1, false);
    assertThat(read(chunks, 1, 0, 90)).isEqualTo(ByteBuffer.wrap(file));
  }

  private static String outcome(LocalChunks chunks) {
    try {
      chunks.read(FilePlace.of(1), 0, 10, ReadPurpose.TAIL);
      return "read";
    } catch (ObjectStoreException.Unavailable unavailable) {
      return "unavailable";
    }
  }

  @Test
  void aFreshFileCostsNoGetAndDoesNotShareItsWritersBuffers() {
    byte[] written = new byte[130];
    new Random(3).nextBytes(written);
    byte[] buffer = written.clone();
    List<ByteBuffer> slices =
        List.of(ByteBuffer.wrap(buffer, 0, 31), ByteBuffer.wrap(buffer, 31, 99));
    LocalChunks chunks = chunks(1_000);
    chunks.keepFresh(
        FilePlace.of(5),
        new ComposedFile(
            ObjectBody.of(slices, ObjectBody.of(written).crc32c()), new FileIndex(List.of())));
    Arrays.fill(buffer, (byte) 0);
    assertThat(read(chunks, 5, 0, 130)).isEqualTo(ByteBuffer.wrap(written));
    assertThat(store.gets()).isZero();
    assertThat(chunks.figures().bytesHeld()).isEqualTo(130);
  }

  @Test
  void aFreshFileThatWasLetGoIsLoaded() {
    byte[] file = file(5, 130);
    LocalChunks chunks = chunks(200);
    chunks.keepFresh(
        FilePlace.of(5), new ComposedFile(ObjectBody.of(file), new FileIndex(List.of())));
    file(6, 100);
    read(chunks, 6, 0, 100);
    assertThat(chunks.holds(FilePlace.of(5), 0, 130)).isFalse();
    assertThat(read(chunks, 5, 20, 50)).isEqualTo(ByteBuffer.wrap(file, 20, 50));
  }

  @Test
  void aMissingFileIsNotFoundAndARangeBeyondTheEndIsRejected() {
    LocalChunks chunks = chunks(1_000);
    assertThatThrownBy(() -> chunks.read(FilePlace.of(9), 0, 10, ReadPurpose.TAIL))
        .isInstanceOf(ObjectStoreException.NotFound.class);
    assertThatThrownBy(() -> chunks.read(FilePlace.of(9), 900, 10, ReadPurpose.TAIL))
        .isInstanceOf(ObjectStoreException.NotFound.class);
    file(1, 90);
    assertThatThrownBy(() -> chunks.read(FilePlace.of(1), 85, 10, ReadPurpose.TAIL))
        .isInstanceOf(ObjectStoreException.Rejected.class);
  }

  @Test
  void aDroppedCopyIsLoadedAgainAndANewerOneIsSpared() {
    file(1, 90);
    LocalChunks chunks = chunks(1_000);
    List<ChunkSlice> old = chunks.read(FilePlace.of(1), 0, 10, ReadPurpose.TAIL);
    chunks.drop(old);
    assertThat(chunks.holds(FilePlace.of(1), 0, 10)).isFalse();
    chunks.read(FilePlace.of(1), 0, 10, ReadPurpose.TAIL);
    chunks.drop(old);
    assertThat(chunks.holds(FilePlace.of(1), 0, 10)).isTrue();
    assertThat(store.gets()).isEqualTo(2);
    assertThat(chunks.figures().bytesHeld()).isEqualTo(90);
  }

  /// Three quarters of the cache are in use near the end of the log, and six times the cache is
  /// read.
  @Test
  void aBackfillOfSixTimesTheCacheTakesNothingFromReadersNearTheEnd() {
    LocalChunks chunks = chunks(1_600);
    for (int fileId = 0; fileId < 12; fileId++) {
      file(fileId, 100);
      read(chunks, fileId, 0, 100);
    }
    for (int fileId = 100; fileId < 196; fileId++) {
      file(fileId, 100);
    }
    for (int round = 0; round < 2; round++) {
      for (int fileId = 100; fileId < 196; fileId++) {
        for (int part = 0; part < 4; part++) {
          read(chunks, fileId, part * 25L, 25, ReadPurpose.CATCH_UP);
        }
        assertThat(chunks.figures().bytesHeld()).isLessThanOrEqualTo(1_600);
      }
    }
    for (int fileId = 0; fileId < 12; fileId++) {
      assertThat(chunks.holds(FilePlace.of(fileId), 0, 100)).as("file %d", fileId).isTrue();
    }
    // A file that is read in parts costs its reader one GET all the same.
    assertThat(chunks.figures().loadsFor())
        .containsEntry(ReadPurpose.TAIL, 12L)
        .containsEntry(ReadPurpose.CATCH_UP, 2L * 96);
  }

  @Test
  void aBackfillUsesWhatIsThereAndKeepsWhatItBringsWhereThereIsRoom() {
    LocalChunks chunks = chunks(1_000);
    for (int fileId = 0; fileId < 9; fileId++) {
      file(fileId, 100);
      read(chunks, fileId, 0, 100, fileId < 3 ? ReadPurpose.TAIL : ReadPurpose.CATCH_UP);
    }
    for (int fileId = 0; fileId < 9; fileId++) {
      read(chunks, fileId, 0, 100, ReadPurpose.CATCH_UP);
    }
    assertThat(store.gets()).isEqualTo(9);
  }

  @Test
  void aReaderNearTheEndThatJoinsABackfillsLoadKeepsWhatItBrings() throws InterruptedException {
    file(1, 100);
    LocalChunks chunks = chunks(400);
    CountDownLatch gate = store.closeGate();
    Pending<ByteBuffer> backfill = new Pending<>();
    Pending<ByteBuffer> tail = new Pending<>();
    Environment.system()
        .tasks()
        .start("backfill", () -> backfill.complete(read(chunks, 1, 0, 100, ReadPurpose.CATCH_UP)));
    while (store.gets() < 1) {
      Thread.onSpinWait();
    }
    Environment.system().tasks().start("tail", () -> tail.complete(read(chunks, 1, 0, 100)));
    while (chunks.figures().joined() < 1) {
      Thread.onSpinWait();
    }
    gate.countDown();
    backfill.await();
    tail.await();
    for (int fileId = 2; fileId < 12; fileId++) {
      file(fileId, 100);
      read(chunks, fileId, 0, 100, ReadPurpose.JOB);
    }
    assertThat(chunks.holds(FilePlace.of(1), 0, 100)).isTrue();
  }
}
