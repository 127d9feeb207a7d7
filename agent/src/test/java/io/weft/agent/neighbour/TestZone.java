package io.weft.agent.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.cache.CacheSettings;
import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.LocalChunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.cache.VerifiedBatches;
import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.TestBatch;
import io.weft.agent.fetch.TestFiles;
import io.weft.agent.fetch.TestStore;
import io.weft.agent.neighbour.seal.RequestSeal;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Membership.Address;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.NeighbourKey;
import io.weft.controlplane.api.file.FileWriters.WriterLease;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.OpaqueBytes;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import io.weft.protocol.record.BatchView;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileComposer;
import io.weft.storage.file.FilePlace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Agents of one zone over one store that counts, under a clock that stands still. Agents say what
/// they would in one process; how each behaves as a neighbour can be changed.
final class TestZone {
  static final Zone ZONE = new Zone("a");
  static final PartitionId PARTITION = new PartitionId(new TopicId(7, 1), 3);

  final TestStore store = new TestStore();
  final ManualTime time = new ManualTime(11);
  final TestLink link = new TestLink(time.environment());
  final List<Member> members = new ArrayList<>();
  final List<WriterLease> leases = new ArrayList<>();
  final AtomicInteger leaseReads = new AtomicInteger();
  final Map<Long, ComposedFile> files = new ConcurrentHashMap<>();
  private volatile List<Agent> agents = List.of();
  private volatile boolean controlPlaneAway;
  volatile List<NeighbourKey> keys =
      List.of(new NeighbourKey(1, OpaqueBytes.of(new byte[] {1, 2, 3})));

  TestZone(int count) {
    for (int i = 0; i < count; i++) {
      add();
    }
  }

  /// One agent.
  final class Member {
    final AgentId id;
    final LocalChunks own;
    final ZoneCache cache;
    final VerifiedBatches batches;
    final Address address;

    private Member(int number) {
      id = new AgentId(number);
      address = new Address("agent-" + number, 9_093);
      own =
          new LocalChunks(
              new ClusterBucket(store, TestFiles.CLUSTER), new CacheSettings(1 << 20, 64 << 20, 8));
      cache =
          new ZoneCache(
              own,
              new ZoneSight(ZONE, "", () -> Optional.of(id), () -> agents, () -> keys),
              fileId -> writersFrom(fileId),
              link,
              TestFiles.CLUSTER,
              time.environment(),
              NeighbourSettings.STANDARD);
      batches = new VerifiedBatches(cache.chunks());
      link.connect(address, cache.desk());
    }

    /// What its reader gets of a file: all of it, checked.
    List<BatchView> read(long fileId) {
      return batches.read(PARTITION, extent(fileId), 0, extent(fileId).length(), ReadPurpose.TAIL);
    }

    NeighbourFigures figures() {
      return cache.figures();
    }

    /// As one whose own chunks were those.
    NeighbourDesk deskOf(Chunks chunks) {
      return new NeighbourDesk(
          chunks,
          new RequestSeal(() -> Optional.of(id), () -> keys, time.environment().clock()),
          time.environment(),
          NeighbourSettings.STANDARD,
          new NeighbourFigures.Counts());
    }
  }

  Member add() {
    Member member = new Member(members.size());
    members.add(member);
    tellAll();
    return member;
  }

  /// It is gone, and all have heard of it.
  void remove(Member member) {
    members.remove(member);
    tellAll();
  }

  private void tellAll() {
    agents =
        members.stream()
            .map(
                each ->
                    new Agent(
                        each.id, ZONE, "host", 9_092, Optional.of(each.address), Optional.empty()))
            .toList();
  }

  void setControlPlaneAway() {
    controlPlaneAway = true;
  }

  private List<WriterLease> writersFrom(long fileId) {
    leaseReads.incrementAndGet();
    if (controlPlaneAway) {
      throw new ControlPlaneException.Unavailable("away", null);
    }
    return leases.stream().filter(each -> each.first() + each.count() > fileId).toList();
  }

  /// Puts a file with one batch, told from others by its id.
  ComposedFile put(long fileId) {
    TestBatch batch = TestBatch.of(1, "value of file %d".formatted(fileId).repeat(50));
    ComposedFile file = TestFiles.of(fileId, Map.of(PARTITION, batch.bytes()));
    files.put(fileId, file);
    store.putFile(fileId, file.body().toBytes());
    return file;
  }

  Extent extent(long fileId) {
    int length = files.get(fileId).index().extents().getFirst().length();
    return new Extent(fileId, FileComposer.HEADER_BYTES, length, 0, 1, 1, -1);
  }

  /// The agent that owns a file, by what all know of the zone.
  Member owner(long fileId) {
    return ranked(fileId).getFirst();
  }

  /// The agents by their rank for a file.
  List<Member> ranked(long fileId) {
    return ZoneRing.of(agents, ZONE, "").ranked(FilePlace.of(fileId), 0).stream()
        .map(each -> member(each.id()))
        .toList();
  }

  Member member(AgentId id) {
    return members.stream().filter(each -> each.id.equals(id)).findFirst().orElseThrow();
  }

  /// A file's content as a reader has to see it.
  static void checkValue(List<BatchView> batches, ComposedFile file) {
    byte[] expected =
        Arrays.copyOfRange(
            file.body().toBytes(),
            FileComposer.HEADER_BYTES,
            FileComposer.HEADER_BYTES + file.index().extents().getFirst().length());
    BatchView only = batches.getFirst();
    byte[] read = new byte[only.sizeInBytes()];
    only.bytes().copy(only.at(), only.end()).get(read);
    assertThat(read).isEqualTo(expected);
  }
}
