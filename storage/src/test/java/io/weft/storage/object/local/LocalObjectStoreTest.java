package io.weft.storage.object.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreContract;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The store in a folder does what every store does, durably, and stays inside its root.
final class LocalObjectStoreTest extends ObjectStoreContract {
  @TempDir Path folder;

  @Override
  protected ObjectStore open() {
    return new LocalObjectStore(root());
  }

  @Test
  void anObjectIsAFileOfItsName() throws IOException {
    store.put(new ObjectKey("files/1"), ObjectBody.of(text("content")));
    assertThat(Files.readAllBytes(root().resolve("files/1"))).isEqualTo(text("content"));
  }

  @Test
  void noTemporaryFileIsLeft() throws IOException {
    store.put(new ObjectKey("a"), ObjectBody.of(text("1")));
    store.putIfAbsent(new ObjectKey("b"), ObjectBody.of(text("2")));
    store.putIfAbsent(new ObjectKey("b"), ObjectBody.of(text("3")));
    try (Stream<Path> left = Files.list(root().resolve(".tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void anotherProcessSeesTheSameObjects() {
    store.putIfAbsent(new ObjectKey("a"), ObjectBody.of(text("1")));
    try (LocalObjectStore other = new LocalObjectStore(root())) {
      assertThat(other.putIfAbsent(new ObjectKey("a"), ObjectBody.of(text("2"))))
          .isEqualTo(PutOutcome.EXISTS);
      assertThat(other.readAll(new ObjectKey("a"), 10)).isEqualTo(text("1"));
    }
  }

  @Test
  void openingRemovesOldLeftoversOnly() throws IOException {
    Path old = Files.writeString(root().resolve(".tmp/999999-1"), "torn");
    Path young = Files.writeString(root().resolve(".tmp/999999-2"), "in the making");
    Files.setLastModifiedTime(
        old,
        FileTime.fromMillis(
            Files.getLastModifiedTime(young).toMillis() - Scratch.LEFTOVER_AGE_MS - 60_000));
    new LocalObjectStore(root()).close();
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void aTakenTemporaryNameIsLeftAlone() throws IOException {
    long process = ProcessHandle.current().pid();
    for (int i = 1; i < 10; i++) {
      Path taken = root().resolve(".tmp/" + process + "-" + i);
      if (!Files.exists(taken)) {
        Files.writeString(taken, "another's");
      }
    }
    store.put(new ObjectKey("a"), ObjectBody.of(text("1")));
    assertThat(store.readAll(new ObjectKey("a"), 10)).isEqualTo(text("1"));
    assertThat(root().resolve(".tmp/" + process + "-9")).hasContent("another's");
  }

  @Test
  void keysOfTheTemporaryFolderAreNoObjects() throws IOException {
    Files.writeString(root().resolve(".tmp/x"), "unfinished");
    ObjectKey key = new ObjectKey(".tmp/x");
    assertThat(store.stat(key)).isEmpty();
    assertThatThrownBy(() -> store.readAll(key, 100))
        .isInstanceOf(ObjectStoreException.NotFound.class);
    assertThatThrownBy(() -> store.put(key, ObjectBody.of(text("1"))))
        .isInstanceOf(ObjectStoreException.Rejected.class);
    store.delete(List.of(key));
    assertThat(root().resolve(".tmp/x")).exists();
    assertThat(store.list("", "", 10)).isEmpty();
  }

  @Test
  void anObjectCannotStandBelowAnother() {
    store.put(new ObjectKey("a"), ObjectBody.of(text("1")));
    assertThatThrownBy(() -> store.put(new ObjectKey("a/b"), ObjectBody.of(text("2"))))
        .isInstanceOf(ObjectStoreException.Rejected.class);
    store.put(new ObjectKey("c/d"), ObjectBody.of(text("3")));
    store.delete(List.of(new ObjectKey("c/d")));
    assertThatThrownBy(() -> store.put(new ObjectKey("c"), ObjectBody.of(text("4"))))
        .isInstanceOf(ObjectStoreException.Rejected.class);
    assertThatThrownBy(() -> store.putIfAbsent(new ObjectKey("c"), ObjectBody.of(text("4"))))
        .isInstanceOf(ObjectStoreException.Rejected.class);
  }

  @Test
  void anEmptyFolderIsNotDeletedAsAnObject() {
    store.put(new ObjectKey("c/d"), ObjectBody.of(text("3")));
    store.delete(List.of(new ObjectKey("c/d")));
    store.delete(List.of(new ObjectKey("c")));
    assertThat(root().resolve("c")).isDirectory();
  }

  @Test
  void aNameLongerThanAFilesIsRejected() {
    ObjectKey key = new ObjectKey("x".repeat(300));
    assertThatThrownBy(() -> store.put(key, ObjectBody.of(text("1"))))
        .isInstanceOf(ObjectStoreException.Rejected.class);
    assertThat(store.stat(key)).isEmpty();
    assertThatThrownBy(() -> store.readAll(key, 10))
        .isInstanceOf(ObjectStoreException.NotFound.class);
  }

  @Test
  void aLinkOutOfTheRootIsNoObject() throws IOException {
    Path outside = Files.writeString(folder.resolve("outside"), "secret");
    Files.createSymbolicLink(root().resolve("link"), outside);
    ObjectKey key = new ObjectKey("link");
    assertThat(store.stat(key)).isEmpty();
    assertThatThrownBy(() -> store.readAll(key, 100)).isInstanceOf(ObjectStoreException.class);
    assertThat(store.list("", "", 10)).isEmpty();
    store.put(key, ObjectBody.of(text("mine")));
    assertThat(outside).hasContent("secret");
    assertThat(Files.isRegularFile(root().resolve("link"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void foreignFilesAreNotListed() throws IOException {
    Files.writeString(root().resolve("a name with blanks"), "x");
    Files.createDirectories(root().resolve("lost+found"));
    store.put(new ObjectKey("b"), ObjectBody.of(text("1")));
    assertThat(names(store.list("", "", 10))).containsExactly("b");
  }

  @Test
  void aRemovedFolderIsMadeAgainAtTheNextAttempt() throws IOException {
    ObjectKey key = new ObjectKey("gone/a");
    store.put(key, ObjectBody.of(text("1")));
    Files.delete(root().resolve("gone/a"));
    Files.delete(root().resolve("gone"));
    assertThatThrownBy(() -> store.put(key, ObjectBody.of(text("1"))))
        .isInstanceOf(ObjectStoreException.Unavailable.class);
    store.put(key, ObjectBody.of(text("1")));
    assertThat(store.readAll(key, 1)).isEqualTo(text("1"));
  }

  @Test
  void aRootThatIsAFileIsRejected() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> new LocalObjectStore(file))
        .isInstanceOf(ObjectStoreException.Rejected.class)
        .hasMessageContaining("folder");
  }

  @Test
  void anInterruptedWriteIsUnavailableAndLeavesNothing() throws IOException {
    ObjectKey key = new ObjectKey("a");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> store.put(key, ObjectBody.of(text("1"))))
        .isInstanceOf(ObjectStoreException.Unavailable.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(store.stat(key)).isEmpty();
    try (Stream<Path> left = Files.list(root().resolve(".tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void portionsHoldAllBytesInOrder() {
    List<ByteBuffer> slices = new ArrayList<>();
    ByteBuffer whole = ByteBuffer.wrap(random(7, 5 << 20));
    int[] lengths = {0, 1, 3 << 20, 0, 5, 1 << 20, 100_000};
    for (int length : lengths) {
      slices.add(whole.slice(whole.position(), length));
      whole.position(whole.position() + length);
    }
    for (int i = 0; i < 40; i++) {
      slices.add(whole.slice(whole.position(), 100));
      whole.position(whole.position() + 100);
    }
    whole.flip();
    ByteBuffer joined = ByteBuffer.allocate(whole.remaining());
    for (ByteBuffer[] portion : Scratch.portions(slices)) {
      int start = joined.position();
      Stream.of(portion).forEach(joined::put);
      assertThat(joined.position() - start).isBetween(1, 1 << 20);
      assertThat(portion.length).isLessThanOrEqualTo(16);
    }
    assertThat(joined.flip()).isEqualTo(whole);
  }

  private Path root() {
    return folder.resolve("root");
  }
}
