package io.weft.agent.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.cache.CacheSettings;
import io.weft.agent.cache.LocalChunks;
import io.weft.agent.fetch.TestBatch;
import io.weft.agent.fetch.TestFiles;
import io.weft.agent.fetch.TestStore;
import io.weft.agent.neighbour.NeighbourLink.End;
import io.weft.agent.neighbour.NeighbourLink.Next;
import io.weft.agent.neighbour.rpc.NeighbourServer;
import io.weft.agent.neighbour.rpc.RpcNeighbourLink;
import io.weft.agent.neighbour.seal.RequestSeal;
import io.weft.agent.neighbour.seal.TestSeals;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.rpc.HostPort;
import io.weft.rpc.RpcSecurity;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.FilePlace;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What agents ask of each other over a real connection.
@Timeout(120)
class RpcNeighbourTest {
  private static final long LONG_MS = 60_000;
  private static final PartitionId PARTITION = new PartitionId(new TopicId(7, 1), 3);
  private static final RpcSecurity PLAIN = new RpcSecurity.PlainText();

  private final Environment environment = Environment.system();
  private final TestStore store = new TestStore();
  private final LocalChunks chunks =
      new LocalChunks(
          new ClusterBucket(store, TestFiles.CLUSTER), new CacheSettings(1 << 20, 64 << 20, 600));
  private final NeighbourFigures.Counts counts = new NeighbourFigures.Counts();
  private final RequestSeal seal = TestSeals.of(1, environment.clock());
  private final NeighbourDesk desk =
      new NeighbourDesk(
          chunks,
          TestSeals.of(2, environment.clock()),
          environment,
          new NeighbourSettings(
              2_000, 0, 0, 0, 0, 4L * RangeAsked.LENGTH_MAX, NeighbourMessage.RANGES_MAX),
          counts);
  private final NeighbourServer server =
      NeighbourServer.start(desk, new HostPort("127.0.0.1", 0), PLAIN, environment);
  private final HostPort address = new HostPort("127.0.0.1", server.port());
  private final RpcNeighbourLink link = new RpcNeighbourLink(PLAIN, environment);

  @AfterEach
  void close() {
    link.close();
    server.close();
  }

  private byte[] request(RangeAsked... ranges) {
    return sealed(NeighbourMessage.request(List.of(ranges)));
  }

  private byte[] sealed(byte[] request) {
    return seal.seal(new AgentId(2), request).orElseThrow();
  }

  /// It cannot tell by the answer whether the file is there.
  @Test
  void whatNoAgentHasSignedIsRefusedAndCounted() throws Exception {
    put(1);
    RangeAsked range = new RangeAsked(1, 64, 100, false, true);
    byte[] plain = NeighbourMessage.request(List.of(range));
    byte[] changed = request(range);
    changed[changed.length - 1] ^= 2;
    for (byte[] each : List.of(plain, changed, new byte[0])) {
      assertThat(link.ask(address, each, LONG_MS).next(LONG_MS))
          .isEqualTo(new Next.Ended(End.REFUSED));
    }
    assertThat(counts.refused.get()).isEqualTo(3);
    assertThat(store.gets()).isZero();
  }

  /// A file with one large batch.
  private byte[] put(long fileId) {
    byte[] letters = new byte[3 << 20];
    new Random(fileId).nextBytes(letters);
    for (int i = 0; i < letters.length; i++) {
      letters[i] = (byte) ('a' + (letters[i] & 15));
    }
    TestBatch batch = TestBatch.of(1, new String(letters, StandardCharsets.US_ASCII));
    byte[] file = TestFiles.of(fileId, Map.of(PARTITION, batch.bytes())).body().toBytes();
    store.putFile(fileId, file);
    return file;
  }

  @Test
  void aRangeOfMegabytesComesInManyMessages() throws Exception {
    byte[] file = put(1);
    RangeAsked range = new RangeAsked(1, 64, file.length - 1_000, false, true);
    NeighbourLink.Call call = link.ask(address, request(range), LONG_MS);
    IncomingRange incoming =
        new IncomingRange(TestFiles.CLUSTER, FilePlace.of(1), range, Optional.empty());
    int messages = 0;
    while (!incoming.isWhole()) {
      NeighbourMessage message = NeighbourMessage.read(((Next.Message) call.next(LONG_MS)).bytes());
      messages++;
      switch (message) {
        case NeighbourMessage.Footer footer -> incoming.take(footer);
        case NeighbourMessage.Known known -> incoming.take(known);
        case NeighbourMessage.Piece piece -> incoming.take(piece);
        case NeighbourMessage.NotYet _ -> {}
        case NeighbourMessage.Refused refused -> throw new AssertionError(refused);
      }
    }
    assertThat(messages).isGreaterThan(10);
    assertThat(call.next(LONG_MS)).isEqualTo(new Next.Ended(End.DONE));
    assertThat(incoming.chunk().slice(64, 64 + 1_000).bytes().copy(0, 1_000))
        .isEqualTo(ByteBuffer.wrap(file, 64, 1_000));
  }

  @Test
  void aBusyAgentSaysSoAtOnce() throws Exception {
    put(1);
    CountDownLatch gate = store.closeGate();
    RangeAsked range = new RangeAsked(1, 64, 100, false, true);
    RangeAsked[] all =
        Collections.nCopies(NeighbourMessage.RANGES_MAX, range).toArray(RangeAsked[]::new);
    NeighbourLink.Call first = link.ask(address, request(all), LONG_MS);
    while (store.gets() == 0) {
      Thread.onSpinWait();
    }
    NeighbourLink.Call second = link.ask(address, request(range), LONG_MS);
    assertThat(second.next(LONG_MS)).isEqualTo(new Next.Ended(End.BUSY));
    gate.countDown();
    assertThat(first.next(LONG_MS)).isInstanceOf(Next.Message.class);
    first.cancel();
  }

  @Test
  void anAgentThatIsNotThereIsAway() throws Exception {
    server.close();
    NeighbourLink.Call call =
        link.ask(address, request(new RangeAsked(1, 64, 100, false, true)), LONG_MS);
    assertThat(call.next(LONG_MS)).isEqualTo(new Next.Ended(End.AWAY));
  }

  /// Clients of Kafka take such a name, and an agent may have registered with it.
  @Test
  void anAgentWhoseNameGrpcDoesNotTakeIsAway() throws Exception {
    NeighbourLink.Call call =
        link.ask(
            new HostPort("weft_agent_1", server.port()),
            request(new RangeAsked(1, 64, 100, false, true)),
            LONG_MS);
    assertThat(call.next(LONG_MS)).isEqualTo(new Next.Ended(End.AWAY));
  }

  @Test
  void bytesThatAreNoRequestAreRefused() throws Exception {
    NeighbourLink.Call call = link.ask(address, sealed(new byte[] {9, 9, 9}), LONG_MS);
    assertThat(call.next(LONG_MS)).isEqualTo(new Next.Ended(End.AWAY));
    NeighbourLink.Call large =
        link.ask(address, new byte[NeighbourMessage.SEALED_BYTES_MAX + 1], LONG_MS);
    assertThat(large.next(LONG_MS)).isEqualTo(new Next.Ended(End.TOO_LARGE));
  }

  @Test
  void aSilentAgentsCallEndsAtItsDeadline() throws Exception {
    put(1);
    CountDownLatch gate = store.closeGate();
    NeighbourLink.Call call =
        link.ask(address, request(new RangeAsked(1, 64, 100, false, true)), 50);
    assertThat(call.next(LONG_MS)).isEqualTo(new Next.Ended(End.SILENT));
    gate.countDown();
  }

  @Test
  void anAgentWhoseStoreIsSlowSaysSoInTheTimeThatAskersWait() throws Exception {
    put(1);
    CountDownLatch gate = store.closeGate();
    NeighbourLink.Call call =
        link.ask(address, request(new RangeAsked(1, 64, 100, false, true)), LONG_MS);
    assertThat(NeighbourMessage.read(((Next.Message) call.next(LONG_MS)).bytes()))
        .isEqualTo(new NeighbourMessage.NotYet(0));
    gate.countDown();
  }

  @Test
  void afterItIsClosedNobodyIsAsked() throws Exception {
    link.close();
    NeighbourLink.Call call =
        link.ask(address, request(new RangeAsked(1, 64, 100, false, true)), LONG_MS);
    assertThat(call.next(LONG_MS)).isEqualTo(new Next.Ended(End.AWAY));
  }
}
