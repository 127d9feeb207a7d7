package io.weft.agent.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.fetch.TestFiles;
import io.weft.agent.fetch.TestStore;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileIndex;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectBody;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is read, kept for long, let go and brought again: a reader sees its file's bytes for as
/// long as it holds them, and the memory of all stays within its bound.
class HeldSlicesProperties {
  private static final List<ReadPurpose> PURPOSES = List.of(ReadPurpose.values());
  private static final int FILES = 30;

  private final TestStore store = new TestStore();
  private final List<byte[]> files = new ArrayList<>();

  /// @param from in its file
  private record Held(long fileId, int from, List<ChunkSlice> slices) {}

  private LocalChunks chunks(Random random, CacheSettings settings) {
    for (int fileId = 0; fileId < FILES; fileId++) {
      byte[] bytes = new byte[1 + random.nextInt(3 * settings.chunkBytes())];
      random.nextBytes(bytes);
      files.add(bytes);
      store.putFile(fileId, bytes);
    }
    return new LocalChunks(new ClusterBucket(store, TestFiles.CLUSTER), settings);
  }

  private Held read(LocalChunks chunks, Random random) {
    long fileId = (long) (FILES * Math.pow(random.nextDouble(), 2));
    int fileLength = files.get((int) fileId).length;
    int from = random.nextInt(fileLength);
    int length = 1 + random.nextInt(fileLength - from);
    ReadPurpose purpose = PURPOSES.get(random.nextInt(PURPOSES.size()));
    return new Held(fileId, from, chunks.read(FilePlace.of(fileId), from, length, purpose));
  }

  private void check(Held held, String where) {
    int at = held.from();
    byte[] file = files.get((int) held.fileId());
    for (ChunkSlice slice : held.slices()) {
      int length = slice.bytes().length();
      assertThat(slice.bytes().copy(0, length))
          .as(where)
          .isEqualTo(ByteBuffer.wrap(file, at, length));
      at += length;
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void aReaderSeesItsBytesAndAllStaysWithinTheBound(long seed) {
    Random random = new Random(seed);
    int chunkBytes = 20 + random.nextInt(3_000);
    long bytesMax = random.nextInt(20) * (long) chunkBytes;
    LocalChunks chunks = chunks(random, new CacheSettings(chunkBytes, bytesMax, 2));
    int heldMax = 1 + random.nextInt(20);
    List<Held> held = new ArrayList<>();
    for (int step = 0; step < 1_000; step++) {
      String where = "seed %d, step %d".formatted(seed, step);
      switch (random.nextInt(12)) {
        case 0 -> keepFresh(chunks, random.nextInt(FILES));
        case 1 -> {
          if (!held.isEmpty()) {
            chunks.drop(held.get(random.nextInt(held.size())).slices());
          }
        }
        case 2, 3, 4, 5 -> {
          if (!held.isEmpty()) {
            ChunkSlice.releaseAll(held.remove(random.nextInt(held.size())).slices());
          }
        }
        default -> held.add(read(chunks, random));
      }
      while (held.size() > heldMax) {
        ChunkSlice.releaseAll(held.removeFirst().slices());
      }
      CacheFigures figures = chunks.figures();
      assertThat(figures.memory().bytesUsed()).as(where).isLessThanOrEqualTo(bytesMax);
      assertThat(figures.memory().bytesAllocated()).as(where).isLessThanOrEqualTo(bytesMax);
      assertThat(figures.bytesHeld()).as(where).isLessThanOrEqualTo(bytesMax);
      if (step % 5 == 0) {
        held.forEach(each -> check(each, where));
      }
    }
    held.forEach(each -> ChunkSlice.releaseAll(each.slices()));
    long heldForReaders = chunks.figures().bytesHeld();
    long page = new CacheSettings(chunkBytes, bytesMax, 2).pageBytes();
    assertThat(chunks.figures().memory().bytesUsed())
        .as("seed %d: when no reader holds any", seed)
        .isEqualTo(heldForReaders / page * page);
  }

  /// As a writer whose buffers are used again at once.
  private void keepFresh(LocalChunks chunks, int fileId) {
    byte[] buffer = files.get(fileId).clone();
    int cut = buffer.length / 2;
    List<ByteBuffer> slices =
        List.of(ByteBuffer.wrap(buffer, 0, cut), ByteBuffer.wrap(buffer, cut, buffer.length - cut));
    chunks.keepFresh(
        FilePlace.of(fileId),
        new ComposedFile(
            ObjectBody.of(slices, ObjectBody.of(buffer).crc32c()), new FileIndex(List.of())));
    Arrays.fill(buffer, (byte) 0);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void soDoManyReadersAtOnce(long seed) throws InterruptedException {
    CacheSettings settings = new CacheSettings(2_000, 20_000, 4);
    LocalChunks chunks = chunks(new Random(seed), settings);
    List<Pending<Boolean>> readers =
        LongStream.range(0, 8).mapToObj(reader -> begin(chunks, 100 * seed + reader)).toList();
    for (Pending<Boolean> reader : readers) {
      reader.await();
    }
    HeldLeases.awaitNone(chunks);
    CacheFigures figures = chunks.figures();
    assertThat(figures.memory().bytesUsed())
        .as("seed %d", seed)
        .isEqualTo(figures.bytesHeld())
        .isLessThanOrEqualTo(20_000);
  }

  private Pending<Boolean> begin(LocalChunks chunks, long seed) {
    Pending<Boolean> ended = new Pending<>();
    Environment.system()
        .tasks()
        .start(
            "reader",
            () -> {
              try {
                readAll(chunks, new Random(seed));
                ended.complete(true);
              } catch (RuntimeException | AssertionError failure) {
                ended.fail(new IllegalStateException("seed " + seed, failure));
              }
            });
    return ended;
  }

  private void readAll(LocalChunks chunks, Random random) {
    for (int i = 0; i < 300; i++) {
      if (random.nextInt(10) == 0) {
        keepFresh(chunks, random.nextInt(FILES));
      }
      Held held = read(chunks, random);
      check(held, "read " + i);
      ChunkSlice.releaseAll(held.slices());
    }
  }
}
