package io.weft.storage.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.weft.environment.Environment;
import io.weft.storage.object.probe.StoreProbe;
import io.weft.storage.object.probe.StoreVerdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every form of [ObjectStore] must do. A form's test extends this and opens an empty store.
public abstract class ObjectStoreContract {
  private static final ObjectKey KEY = new ObjectKey("files/00/a-file.weft");

  protected ObjectStore store;

  /// An empty store.
  protected abstract ObjectStore open() throws Exception;

  /// Whether it compares the bytes with the checksum they come with.
  protected boolean checksCrc() {
    return true;
  }

  /// How many bytes the largest object of these tests has.
  protected int largeBytes() {
    return 3 << 20;
  }

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void whatIsPutIsRead() {
    byte[] bytes = random(1, largeBytes());
    store.put(KEY, ObjectBody.of(bytes));
    assertThat(store.readAll(KEY, bytes.length)).isEqualTo(bytes);
    assertThat(store.stat(KEY)).contains(new ObjectInfo(KEY, bytes.length));
  }

  @Test
  void itPassesTheProbe() {
    assertThat(StoreProbe.ofJournal(store, Environment.system()))
        .isEqualTo(new StoreVerdict.Sound());
  }

  @Test
  void anObjectMayBeEmpty() {
    store.put(KEY, ObjectBody.of(new byte[0]));
    assertThat(store.readAll(KEY, 0)).isEmpty();
    assertThat(store.stat(KEY)).contains(new ObjectInfo(KEY, 0));
    store.read(KEY, 0, ByteBuffer.allocate(0));
  }

  @Test
  void slicesAreOneObject() {
    byte[] bytes = random(2, largeBytes());
    Random random = new Random(3);
    List<ByteBuffer> slices = new ArrayList<>();
    int position = 0;
    while (position < bytes.length) {
      int length = Math.min(bytes.length - position, random.nextInt(200_000));
      ByteBuffer slice = ByteBuffer.wrap(bytes, position, length).slice();
      slices.add(slices.size() % 2 == 0 ? direct(slice) : slice);
      position += length;
    }
    store.put(KEY, ObjectBody.of(slices, ObjectBody.of(bytes).crc32c()));
    assertThat(store.readAll(KEY, bytes.length)).isEqualTo(bytes);
  }

  @Test
  void thePutLeavesTheCallersSlicesAlone() {
    ByteBuffer slice = ByteBuffer.wrap(text("0123456789"), 2, 5);
    store.put(KEY, ObjectBody.of(List.of(slice), ObjectBody.of(text("23456")).crc32c()));
    assertThat(slice.position()).isEqualTo(2);
    assertThat(slice.remaining()).isEqualTo(5);
    assertThat(store.readAll(KEY, 10)).isEqualTo(text("23456"));
  }

  @Test
  void aPutMayBeRepeated() {
    store.put(KEY, ObjectBody.of(text("same")));
    store.put(KEY, ObjectBody.of(text("same")));
    assertThat(store.readAll(KEY, 100)).isEqualTo(text("same"));
  }

  @Test
  void laterWritesToTheBuffersDoNotMatter() {
    byte[] bytes = text("as it was");
    store.put(KEY, ObjectBody.of(bytes));
    bytes[0] = 'X';
    assertThat(store.readAll(KEY, 100)).isEqualTo(text("as it was"));
  }

  @Test
  void rangesAreExact() {
    byte[] bytes = random(4, largeBytes());
    store.put(KEY, ObjectBody.of(bytes));
    Random random = new Random(5);
    for (int i = 0; i < 20; i++) {
      int start = random.nextInt(bytes.length);
      int length = random.nextInt(bytes.length - start) + 1;
      ByteBuffer target =
          i % 2 == 0 ? ByteBuffer.allocate(length) : ByteBuffer.allocateDirect(length);
      store.read(KEY, start, target);
      assertThat(target.hasRemaining()).isFalse();
      assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(bytes, start, length));
    }
  }

  @Test
  void aReadFillsTheTargetFromPositionToLimit() {
    store.put(KEY, ObjectBody.of(text("0123456789")));
    ByteBuffer target = ByteBuffer.wrap(text("..........")).limit(7).position(3);
    store.read(KEY, 5, target);
    assertThat(target.array()).isEqualTo(text("...5678..."));
    assertThat(target.position()).isEqualTo(7);
  }

  @Test
  void theLastByteCanBeReadAndNoneAfterIt() {
    store.put(KEY, ObjectBody.of(text("0123456789")));
    ByteBuffer last = ByteBuffer.allocate(1);
    store.read(KEY, 9, last);
    assertThat(last.get(0)).isEqualTo((byte) '9');
    store.read(KEY, 10, ByteBuffer.allocate(0));
    assertRejected(10, 1);
    assertRejected(11, 0);
    assertRejected(1_000_000, 5);
  }

  @Test
  void aRangeThatTheObjectEndsInIsRejectedAndLeavesTheTargetsPosition() {
    store.put(KEY, ObjectBody.of(text("0123456789")));
    ByteBuffer target = ByteBuffer.allocate(8).position(1);
    assertThatThrownBy(() -> store.read(KEY, 5, target))
        .isInstanceOf(ObjectStoreException.Rejected.class);
    assertThat(target.position()).isEqualTo(1);
    assertThat(target.limit()).isEqualTo(8);
  }

  @Test
  void aReadThatMayReachBeyondTheEndGivesWhatIsThereAndTheLength() {
    byte[] bytes = random(6, largeBytes());
    store.put(KEY, ObjectBody.of(bytes));
    Random random = new Random(7);
    for (int i = 0; i < 20; i++) {
      int start = random.nextInt(bytes.length);
      int lengthMax = 1 + random.nextInt(i % 2 == 0 ? bytes.length - start : 2 * bytes.length);
      ObjectPart part = store.readUpTo(KEY, start, lengthMax);
      int length = Math.min(lengthMax, bytes.length - start);
      assertThat(part)
          .isEqualTo(new ObjectPart(ByteBuffer.wrap(bytes, start, length), bytes.length));
    }
  }

  @Test
  void aReadThatMayReachBeyondTheEndGivesNothingAtItAndIsRejectedAfterIt() {
    store.put(KEY, ObjectBody.of(text("0123456789")));
    assertThat(store.readUpTo(KEY, 10, 5)).isEqualTo(new ObjectPart(ByteBuffer.allocate(0), 10));
    assertThatThrownBy(() -> store.readUpTo(KEY, 11, 5))
        .isInstanceOf(ObjectStoreException.Rejected.class);
    ObjectKey empty = new ObjectKey("files/00/an-empty-one.weft");
    store.put(empty, ObjectBody.of(new byte[0]));
    assertThat(store.readUpTo(empty, 0, 5)).isEqualTo(new ObjectPart(ByteBuffer.allocate(0), 0));
  }

  @Test
  void whatIsAbsentIsNotFound() {
    assertThatThrownBy(() -> store.readUpTo(KEY, 3, 5))
        .isInstanceOf(ObjectStoreException.NotFound.class);
    ByteBuffer target = ByteBuffer.allocate(5);
    assertThatThrownBy(() -> store.read(KEY, 0, target))
        .isInstanceOf(ObjectStoreException.NotFound.class);
    assertThatThrownBy(() -> store.read(KEY, 0, ByteBuffer.allocate(0)))
        .isInstanceOf(ObjectStoreException.NotFound.class);
    assertThatThrownBy(() -> store.readAll(KEY, 100))
        .isInstanceOf(ObjectStoreException.NotFound.class);
    assertThat(store.stat(KEY)).isEmpty();
  }

  @Test
  void thePathToAnObjectIsNoObject() {
    store.put(new ObjectKey("a/b/c"), ObjectBody.of(text("x")));
    for (String name : List.of("a", "a/b", "a/b/c/d")) {
      ObjectKey key = new ObjectKey(name);
      assertThat(store.stat(key)).isEmpty();
      assertThatThrownBy(() -> store.readAll(key, 100_000))
          .isInstanceOf(ObjectStoreException.NotFound.class);
      assertThatThrownBy(() -> store.read(key, 0, ByteBuffer.allocate(1)))
          .isInstanceOf(ObjectStoreException.NotFound.class);
      assertThatThrownBy(() -> store.read(key, 1 << 20, ByteBuffer.allocate(1)))
          .isInstanceOf(ObjectStoreException.NotFound.class);
    }
    store.delete(List.of(new ObjectKey("a"), new ObjectKey("a/b")));
    assertThat(store.readAll(new ObjectKey("a/b/c"), 1)).isEqualTo(text("x"));
  }

  @Test
  void aWholeObjectIsReadUpToALimit() {
    store.put(KEY, ObjectBody.of(text("0123456789")));
    assertThat(store.readAll(KEY, 10)).hasSize(10);
    assertThatThrownBy(() -> store.readAll(KEY, 9))
        .isInstanceOf(ObjectStoreException.Rejected.class)
        .hasMessageContaining("10");
  }

  @Test
  void ofTwoPutsIfAbsentTheFirstCounts() {
    assertThat(store.putIfAbsent(KEY, ObjectBody.of(text("first")))).isEqualTo(PutOutcome.CREATED);
    assertThat(store.putIfAbsent(KEY, ObjectBody.of(text("second")))).isEqualTo(PutOutcome.EXISTS);
    assertThat(store.readAll(KEY, 100)).isEqualTo(text("first"));
  }

  @Test
  void whatWasDeletedIsAbsentAgain() {
    store.put(KEY, ObjectBody.of(text("first")));
    store.delete(List.of(KEY));
    assertThat(store.putIfAbsent(KEY, ObjectBody.of(text("second")))).isEqualTo(PutOutcome.CREATED);
    assertThat(store.readAll(KEY, 100)).isEqualTo(text("second"));
  }

  @Test
  void ofManyAtOnceExactlyOneCreates() throws Exception {
    for (int round = 0; round < 5; round++) {
      ObjectKey key = new ObjectKey("journal/" + round);
      ConcurrentLinkedQueue<String> created = new ConcurrentLinkedQueue<>();
      ConcurrentLinkedQueue<Throwable> unclear = new ConcurrentLinkedQueue<>();
      race(16, contender -> tryToCreate(key, "entry of " + contender, created), unclear);
      // A store may say of a lost race that it can't tell (409).
      assertThat(unclear).allMatch(ObjectStoreException.Unavailable.class::isInstance);
      assertThat(created).hasSize(1);
      assertThat(new String(store.readAll(key, 100), StandardCharsets.UTF_8))
          .isEqualTo(created.peek());
    }
  }

  @Test
  void manyObjectsAreWrittenAndReadAtOnce() throws Exception {
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    race(
        16,
        writer -> {
          byte[] bytes = random(writer, 100_000);
          ObjectKey key = new ObjectKey("new/" + writer % 4 + "/" + writer);
          store.put(key, ObjectBody.of(bytes));
          assertThat(store.readAll(key, bytes.length)).isEqualTo(bytes);
        },
        failures);
    assertThat(failures).isEmpty();
    assertThat(store.list("new/", "", 1000)).hasSize(16);
  }

  @Test
  void aListIsInKeyOrder() {
    List<String> names =
        List.of("a-", "a-b/c", "a.b", "a/b", "a/b-", "a/b.c/d", "a0", "aa/a/a", "aa/b", "b", "c/1");
    putAll(names.reversed());
    assertThat(names(store.list("", "", 1000))).isEqualTo(names);
    assertThat(names(store.list("a", "", 1000))).isEqualTo(names.subList(0, 9));
    assertThat(names(store.list("a/", "", 1000))).isEqualTo(names.subList(3, 6));
    assertThat(names(store.list("a/b", "", 1000))).isEqualTo(names.subList(3, 6));
    assertThat(names(store.list("aa/a/", "", 1000))).isEqualTo(names.subList(7, 8));
    assertThat(names(store.list("d", "", 1000))).isEmpty();
    assertThat(names(store.list("a/b/", "", 1000))).isEmpty();
  }

  @Test
  void aListBeginsAfterAKey() {
    List<String> names = List.of("a/1", "a/2", "a/2-", "a/2/x", "a/3", "b/1", "c");
    // A folder can't hold both of these; the rest of the names is what matters.
    List<String> present = names.stream().filter(name -> !name.equals("a/2")).toList();
    putAll(present);
    for (String after :
        List.of("", "a", "a/", "a/1", "a/2", "a/2/", "a/2/x", "a/2/y", "b/1", "z")) {
      assertThat(names(store.list("", after, 1000)))
          .as("after '%s'", after)
          .isEqualTo(present.stream().filter(name -> name.compareTo(after) > 0).toList());
    }
    assertThat(names(store.list("a/", "a/2-", 1000))).containsExactly("a/2/x", "a/3");
    assertThat(names(store.list("b/", "a/2-", 1000))).containsExactly("b/1");
    assertThat(names(store.list("a/", "b", 1000))).isEmpty();
  }

  @Test
  void pagesCoverAListOnce() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      names.add("p/%02d/%d".formatted(i / 4, i % 4));
    }
    putAll(names);
    List<String> seen = new ArrayList<>();
    List<ObjectInfo> page;
    String after = "";
    do {
      page = store.list("p/", after, 7);
      seen.addAll(names(page));
      after = seen.getLast();
    } while (page.size() == 7);
    assertThat(seen).isEqualTo(names);
  }

  @Test
  void aListingInAnyOrderHasEachObjectOnce() {
    for (int i = 0; i < 10; i++) {
      store.put(new ObjectKey("q/" + i), ObjectBody.of(text("x".repeat(i))));
    }
    store.put(new ObjectKey("r/1"), ObjectBody.of(text("other")));
    List<ObjectInfo> all = new ArrayList<>();
    Optional<String> from = Optional.empty();
    do {
      ListedPage page = store.listInAnyOrder("q/", from, 3);
      assertThat(page.objects()).hasSizeLessThanOrEqualTo(3);
      all.addAll(page.objects());
      from = page.next();
    } while (from.isPresent());
    assertThat(all).hasSize(10);
    for (int i = 0; i < 10; i++) {
      assertThat(all).contains(new ObjectInfo(new ObjectKey("q/" + i), i));
    }
    assertThat(store.listInAnyOrder("s/", Optional.empty(), 3).objects()).isEmpty();
  }

  @Test
  void aListTellsLengths() {
    store.put(new ObjectKey("l/1"), ObjectBody.of(text("12345")));
    assertThat(store.list("l/", "", 10)).containsExactly(new ObjectInfo(new ObjectKey("l/1"), 5));
  }

  @Test
  void aPrefixThatIsNoKeyFindsNothing() {
    putAll(List.of("a/b"));
    for (String prefix : List.of("../", "/", "a/../", "a//", "./", ".tmp/", "a b")) {
      assertThat(store.list(prefix, "", 10)).as(prefix).isEmpty();
    }
  }

  @Test
  void aDeleteTakesWhatIsThere() {
    putAll(List.of("d/1", "d/2", "d/3"));
    store.delete(List.of(new ObjectKey("d/1"), new ObjectKey("d/none"), new ObjectKey("d/3")));
    assertThat(names(store.list("d/", "", 10))).containsExactly("d/2");
    store.delete(List.of(new ObjectKey("d/1")));
    store.delete(List.of());
  }

  @Test
  void aPageAndADeleteHaveAtMostAThousandKeys() {
    assertThatThrownBy(() -> store.list("", "", 1001)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> store.list("", "", 0)).isInstanceOf(IllegalStateException.class);
    List<ObjectKey> keys = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      keys.add(new ObjectKey("k/" + i));
    }
    store.put(keys.get(999), ObjectBody.of(text("x")));
    store.delete(keys);
    assertThat(store.stat(keys.get(999))).isEmpty();
    keys.add(KEY);
    assertThatThrownBy(() -> store.delete(keys)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void bytesThatDoNotHaveTheirChecksumAreRejected() {
    assumeThat(checksCrc()).isTrue();
    ObjectBody wrong = ObjectBody.of(List.of(ByteBuffer.wrap(text("changed"))), 12345);
    assertThatThrownBy(() -> store.put(KEY, wrong))
        .isInstanceOf(ObjectStoreException.Rejected.class);
    assertThatThrownBy(() -> store.putIfAbsent(KEY, wrong))
        .isInstanceOf(ObjectStoreException.Rejected.class);
    assertThat(store.stat(KEY)).isEmpty();
  }

  protected static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  protected static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  protected static List<String> names(List<ObjectInfo> page) {
    return page.stream().map(info -> info.key().name()).toList();
  }

  protected void putAll(List<String> names) {
    for (String name : names) {
      store.put(new ObjectKey(name), ObjectBody.of(text(name)));
    }
  }

  private void tryToCreate(ObjectKey key, String content, ConcurrentLinkedQueue<String> created) {
    if (store.putIfAbsent(key, ObjectBody.of(text(content))) == PutOutcome.CREATED) {
      created.add(content);
    }
  }

  private void assertRejected(long position, int length) {
    assertThatThrownBy(() -> store.read(KEY, position, ByteBuffer.allocate(length)))
        .isInstanceOf(ObjectStoreException.Rejected.class);
  }

  private static ByteBuffer direct(ByteBuffer slice) {
    return ByteBuffer.allocateDirect(slice.remaining()).put(slice).flip();
  }

  private interface Contender {
    void run(int number) throws Exception;
  }

  private static void race(
      int contenders, Contender body, ConcurrentLinkedQueue<Throwable> failures)
      throws InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < contenders; i++) {
      int number = i;
      threads.add(
          Environment.system()
              .tasks()
              .start(
                  "contender-" + i,
                  () -> {
                    try {
                      start.await();
                      body.run(number);
                    } catch (Exception | AssertionError failure) {
                      failures.add(failure);
                    }
                  }));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
