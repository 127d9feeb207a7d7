package io.weft.agent.neighbour;

import static io.weft.agent.neighbour.TestZone.checkValue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.cache.ChunkSlice;
import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.CorruptObjectException;
import io.weft.agent.cache.HeldLeases;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.cache.SharedFile;
import io.weft.agent.fetch.TestFiles;
import io.weft.agent.neighbour.TestLink.Manner;
import io.weft.agent.neighbour.TestZone.Member;
import io.weft.controlplane.api.file.FileWriters.WriterLease;
import io.weft.environment.Pending;
import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileFooter;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a zone of agents costs the store, and what its agents do when one of them fails.
class ZoneCacheTest {
  private static final int FILES = 40;

  private final TestZone zone = new TestZone(3);

  private void putFiles() {
    for (long fileId = 1; fileId <= FILES; fileId++) {
      zone.put(fileId);
    }
  }

  private void readAll(Member reader) {
    for (long fileId = 1; fileId <= FILES; fileId++) {
      checkValue(reader.read(fileId), zone.files.get(fileId));
    }
  }

  /// Of a file that is not the reader's own.
  private Member stranger(long fileId) {
    return zone.ranked(fileId).getLast();
  }

  @AfterEach
  void allIsReleased() {
    zone.members.forEach(member -> HeldLeases.awaitNone(member.own));
  }

  @Test
  void aFileCostsOneGetHoweverManyAgentsReadIt() {
    putFiles();
    zone.members.forEach(this::readAll);
    zone.members.forEach(this::readAll);

    assertThat(zone.store.gets()).isEqualTo(FILES);
    assertThat(zone.store.stats()).isZero();
    long answered = zone.members.stream().mapToLong(each -> each.figures().answered()).sum();
    assertThat(answered).isEqualTo(2 * FILES);
    assertThat(zone.members)
        .allSatisfy(
            each -> {
              assertThat(each.figures().served()).isPositive();
              assertThat(each.figures().fellBack()).isZero();
              assertThat(each.figures().hedged()).isZero();
            });
  }

  /// As before level 2 is final, and for the first seconds of an agent.
  @Test
  void withoutAKeyNobodyIsAskedAndTheStoreIsRead() {
    putFiles();
    zone.keys = List.of();
    zone.members.forEach(this::readAll);

    assertThat(zone.link.calls.get()).isZero();
    assertThat(zone.store.gets()).isEqualTo((long) FILES * zone.members.size());
    assertThat(zone.members).allSatisfy(each -> assertThat(each.figures().members()).isZero());
  }

  @Test
  void readersAtOnceShareOneGetAndEachAgentAsksOnce() throws InterruptedException {
    ComposedFile file = zone.put(1);
    CountDownLatch gate = zone.store.closeGate();
    List<Pending<Boolean>> readers = new ArrayList<>();
    for (Member member : zone.members) {
      for (int i = 0; i < 10; i++) {
        Pending<Boolean> done = new Pending<>();
        readers.add(done);
        zone.time.start(
            "reader",
            () -> {
              checkValue(member.read(1), file);
              done.complete(true);
            });
      }
    }
    gate.countDown();
    for (Pending<Boolean> each : readers) {
      each.await();
    }

    assertThat(zone.store.gets()).isEqualTo(1);
    assertThat(zone.members.stream().mapToLong(each -> each.figures().asked()).sum())
        .isLessThanOrEqualTo(4);
  }

  @Test
  void whatANeighbourHasSentIsKeptForAFewSeconds() {
    zone.put(1);
    Member reader = stranger(1);
    reader.read(1);
    reader.read(1);
    assertThat(reader.figures().asked()).isEqualTo(1);
    assertThat(reader.cache.chunks().holds(FilePlace.of(1), zone.extent(1).position(), 10))
        .isTrue();

    zone.time.advanceMs(NeighbourSettings.STANDARD.nearMs());
    assertThat(reader.cache.chunks().holds(FilePlace.of(1), zone.extent(1).position(), 10))
        .isFalse();
    reader.read(1);
    assertThat(reader.figures().asked()).isEqualTo(2);
    assertThat(zone.store.gets()).isEqualTo(1);
  }

  @Test
  void aReaderFarBehindGoesToTheStoreItself() {
    zone.put(1);
    Member reader = stranger(1);
    FilePlace place = FilePlace.of(1);
    ChunkSlice.releaseAll(reader.cache.chunks().read(place, 70, 100, ReadPurpose.CATCH_UP));

    assertThat(reader.figures().asked()).isZero();
    assertThat(zone.store.gets()).isEqualTo(1);
  }

  @Test
  void whatIsReadAheadStaysWithTheAgentsOwnChunks() {
    zone.put(1);
    Member reader = stranger(1);
    FilePlace place = FilePlace.of(1);
    reader.read(1);
    assertThat(zone.store.gets()).isEqualTo(1);
    // A neighbour has sent it, but it may go sooner than the reader comes.
    long position = zone.extent(1).position();
    ChunkSlice.releaseAll(reader.cache.chunks().read(place, position, 10, ReadPurpose.READ_AHEAD));

    assertThat(reader.figures().asked()).isEqualTo(1);
    assertThat(zone.store.gets()).isEqualTo(2);
    assertThat(reader.own.holds(place, position, 10)).isTrue();
  }

  @Test
  void aFreshFileCostsNoGetInItsWritersZone() {
    zone.leases.add(new WriterLease(1, 100, zone.members.get(0).id));
    for (long fileId = 1; fileId <= FILES; fileId++) {
      ComposedFile file = zone.put(fileId);
      zone.members.get(0).own.keepFresh(FilePlace.of(fileId), file);
    }
    zone.members.forEach(this::readAll);

    assertThat(zone.store.gets()).isZero();
    // Each agent has asked whose the files are once, since they have one row of ids.
    assertThat(zone.leaseReads.get()).isEqualTo(2);
  }

  @Test
  void anOldFileOfAWriterIsItsOwnersAgain() {
    zone.leases.add(new WriterLease(1, 100, zone.members.get(0).id));
    putFiles();
    zone.members.forEach(this::readAll);

    assertThat(zone.store.gets()).isEqualTo(FILES);
  }

  @Test
  void withoutTheControlPlaneTheOwnerIsAsked() {
    putFiles();
    zone.setControlPlaneAway();
    zone.members.forEach(this::readAll);

    assertThat(zone.store.gets()).isEqualTo(FILES);
    assertThat(zone.leaseReads.get()).isEqualTo(3);
  }

  @Test
  void aDeadOwnersFilesFallToTheNextPointOfTheRing() {
    putFiles();
    Member dead = zone.members.get(1);
    zone.link.set(dead.address, Manner.DEAD);
    List<Member> alive = List.of(zone.members.get(0), zone.members.get(2));
    alive.forEach(this::readAll);

    assertThat(zone.store.gets()).isEqualTo(FILES);
    // Once, and not again for a while.
    assertThat(alive).allSatisfy(each -> assertThat(each.figures().busy()).isZero());
  }

  @Test
  void anOwnerThatIsBackIsAskedAgainAfterAWhile() {
    zone.put(1);
    Member reader = stranger(1);
    zone.link.set(zone.owner(1).address, Manner.DEAD);
    reader.read(1);
    zone.link.mend(zone.owner(1).address);
    zone.time.advanceMs(NeighbourSettings.STANDARD.avoidMs());
    long served = zone.owner(1).figures().served();
    reader.read(1);

    assertThat(zone.owner(1).figures().served()).isEqualTo(served + 1);
  }

  @Test
  void aBusyOwnersAskersGoOnAtOnce() {
    zone.put(1);
    zone.members.forEach(each -> zone.link.set(each.address, Manner.BUSY));
    Member reader = stranger(1);
    checkValue(reader.read(1), zone.files.get(1L));

    assertThat(reader.figures().busy()).isEqualTo(2);
    assertThat(reader.figures().fellBack()).isEqualTo(1);
    assertThat(zone.store.gets()).isEqualTo(1);
  }

  @Test
  void whatAnAgentReadsInADeadOwnersPlaceIsCounted() {
    zone.put(1);
    Member dead = zone.owner(1);
    Member next = zone.ranked(1).get(1);
    zone.link.set(dead.address, Manner.DEAD);
    next.read(1);

    assertThat(next.figures().fellBack()).isEqualTo(1);
  }

  @Test
  void aZoneOfSilentOwnersHoldsNoReader() throws InterruptedException {
    putFiles();
    zone.members.forEach(each -> zone.link.set(each.address, Manner.SILENT));
    Member reader = zone.members.get(0);
    Pending<Boolean> done = new Pending<>();
    zone.time.start(
        "reader",
        () -> {
          readAll(reader);
          done.complete(true);
        });
    zone.time.runUntil(done::isDone);

    assertThat(done.await()).isTrue();
    assertThat(zone.store.gets()).isEqualTo(FILES);
    // There was one second request to spend, and no answer has earned another.
    assertThat(reader.figures().hedged()).isEqualTo(1);
  }

  @Test
  void aLateAnswerIsOvertakenByTheStore() throws InterruptedException {
    zone.put(1);
    Member reader = stranger(1);
    zone.link.set(zone.owner(1).address, Manner.SILENT);
    Pending<Boolean> done = new Pending<>();
    zone.time.start(
        "reader",
        () -> {
          reader.read(1);
          done.complete(true);
        });
    // The reader, and the call that it waits for.
    zone.time.awaitWaiting(2);
    zone.time.advanceMs(100);
    assertThat(done.await()).isTrue();

    assertThat(reader.figures().hedged()).isEqualTo(1);
    assertThat(zone.store.gets()).isEqualTo(1);
  }

  /// Chunks that give another file's bytes, with what that file says of itself.
  private static Chunks mixedUp(Chunks real, long otherFileId) {
    return new Chunks() {
      @Override
      public List<ChunkSlice> read(
          FilePlace place, long position, int length, ReadPurpose purpose) {
        return real.read(FilePlace.of(otherFileId), position, length, purpose);
      }

      @Override
      public boolean holds(FilePlace place, long position, int length) {
        return false;
      }

      @Override
      public void drop(List<ChunkSlice> damaged) {}
    };
  }

  @Test
  void anOwnerThatSendsAnotherFilesBytesIsFoundAndAvoided() {
    putFiles();
    Member reader = stranger(1);
    Member owner = zone.owner(1);
    zone.link.connect(owner.address, owner.deskOf(mixedUp(owner.own, 2)));
    checkValue(reader.read(1), zone.files.get(1L));

    int calls = zone.link.calls.get();
    for (long fileId = 1; fileId <= FILES; fileId++) {
      if (zone.owner(fileId) == owner && zone.ranked(fileId).get(1) == reader) {
        checkValue(reader.read(fileId), zone.files.get(fileId));
      }
    }
    assertThat(zone.link.calls.get()).isEqualTo(calls);
  }

  /// Both files have batches of the same lengths: each would pass for the other.
  @Test
  void anotherFilesBytesAreFoundWhenTheFileIsKnownAlready() {
    putFiles();
    Member reader = stranger(1);
    Member owner = zone.owner(1);
    checkValue(reader.read(1), zone.files.get(1L));
    zone.time.advanceMs(NeighbourSettings.STANDARD.nearMs() + 1);

    zone.link.connect(owner.address, owner.deskOf(mixedUp(owner.own, 2)));
    checkValue(reader.read(1), zone.files.get(1L));
    assertThat(reader.figures().asked()).isEqualTo(3);
    assertThat(reader.figures().answered()).isEqualTo(2);
  }

  @Test
  void anotherFilesBytesUnderTheNameOfTheRightOneAreFound() {
    putFiles();
    Member reader = stranger(1);
    Member owner = zone.owner(1);
    zone.link.connect(owner.address, owner.deskOf(renamed(mixedUp(owner.own, 2), owner.own)));
    checkValue(reader.read(1), zone.files.get(1L));
    assertThat(reader.figures().asked()).isEqualTo(2);
    assertThat(reader.figures().answered()).isEqualTo(1);
  }

  /// The bytes of these chunks, with what the right file says of itself.
  private static Chunks renamed(Chunks wrong, Chunks right) {
    return new Chunks() {
      @Override
      public List<ChunkSlice> read(
          FilePlace place, long position, int length, ReadPurpose purpose) {
        List<ChunkSlice> others = wrong.read(place, position, length, purpose);
        List<ChunkSlice> own = right.read(place, position, length, purpose);
        FileFooter footer = own.getFirst().footer().orElseThrow();
        GatheredBytes bytes = GatheredBytes.of(others.getFirst().bytes().copy(0, length));
        ChunkSlice.releaseAll(others);
        ChunkSlice.releaseAll(own);
        return List.of(
            SharedFile.of(TestFiles.CLUSTER, place, footer)
                .piece(position, bytes)
                .slice(position, position + length));
      }

      @Override
      public boolean holds(FilePlace place, long position, int length) {
        return false;
      }

      @Override
      public void drop(List<ChunkSlice> damaged) {}
    };
  }

  /// Chunks that turn the last byte of what they give.
  private static Chunks damaging(Chunks real) {
    return new Chunks() {
      @Override
      public List<ChunkSlice> read(
          FilePlace place, long position, int length, ReadPurpose purpose) {
        ChunkSlice slice = real.read(place, position, length, purpose).getFirst();
        ByteBuffer bytes = slice.bytes().copy(0, length);
        bytes.put(length - 1, (byte) ~bytes.get(length - 1));
        slice.release();
        return List.of(
            SharedFile.of(TestFiles.CLUSTER, place, slice.footer().orElseThrow())
                .piece(position, GatheredBytes.of(bytes))
                .slice(position, position + length));
      }

      @Override
      public boolean holds(FilePlace place, long position, int length) {
        return real.holds(place, position, length);
      }

      @Override
      public void drop(List<ChunkSlice> damaged) {}
    };
  }

  @Test
  void damagedBytesOfAnOwnerAreFoundAndTheStoreIsAsked() {
    putFiles();
    Member reader = stranger(1);
    Member owner = zone.owner(1);
    zone.link.connect(owner.address, owner.deskOf(damaging(owner.own)));
    checkValue(reader.read(1), zone.files.get(1L));
    assertThat(reader.figures().answered()).isEqualTo(1);
    // One for the owner, one for the next point of the ring.
    assertThat(zone.store.gets()).isEqualTo(2);

    int calls = zone.link.calls.get();
    for (long fileId = 1; fileId <= FILES; fileId++) {
      if (zone.owner(fileId) == owner && zone.ranked(fileId).get(1) == reader) {
        checkValue(reader.read(fileId), zone.files.get(fileId));
      }
    }
    assertThat(zone.link.calls.get()).isEqualTo(calls);
  }

  @Test
  void whatTheStoreHasDamagedOnItsWayToTheOwnerIsAskedOfTheNext() {
    zone.put(1);
    zone.store.lie(1, 1);
    Member reader = stranger(1);
    checkValue(reader.read(1), zone.files.get(1L));

    assertThat(zone.store.gets()).isEqualTo(2);
    assertThat(reader.figures().asked()).isEqualTo(2);
  }

  @Test
  void anObjectThatIsDamagedIsAnErrorAndNeverData() {
    zone.put(1);
    zone.store.lie(1, Integer.MAX_VALUE);
    Member reader = stranger(1);

    assertThatThrownBy(() -> reader.read(1)).isInstanceOf(CorruptObjectException.class);
  }

  @Test
  void aFileThatIsGoneIsNotFoundThroughTheRingToo() {
    zone.put(1);
    zone.store.deleteFile(1);
    Member reader = stranger(1);

    assertThatThrownBy(() -> reader.read(1)).isInstanceOf(ObjectStoreException.NotFound.class);
  }

  @Test
  void anAgentThatComesTakesItsOwnFilesOverAndNoOthers() {
    putFiles();
    zone.members.forEach(this::readAll);
    Member coming = zone.add();
    long owned = 0;
    for (long fileId = 1; fileId <= FILES; fileId++) {
      owned += zone.owner(fileId) == coming ? 1 : 0;
    }
    zone.time.advanceMs(NeighbourSettings.STANDARD.nearMs());
    int before = zone.store.gets();
    readAll(coming);

    assertThat(zone.store.gets() - before).isEqualTo((int) owned);
    assertThat(owned).isBetween(1L, FILES / 2L);
  }

  @Test
  void anAgentAloneAsksTheStore() {
    TestZone alone = new TestZone(1);
    alone.put(1);
    checkValue(alone.members.getFirst().read(1), alone.files.get(1L));

    assertThat(alone.link.calls.get()).isZero();
    assertThat(alone.store.gets()).isEqualTo(1);
  }
}
