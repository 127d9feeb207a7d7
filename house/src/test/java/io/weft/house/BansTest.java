package io.weft.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BansTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "System.nanoTime()                                  | Clock.nanos",
        "System.currentTimeMillis()                         | Clock.wallMs",
        "java.time.Instant.now()                            | Clock.wallMs",
        "Thread.sleep(1)                                    | Tasks.sleepMs",
        "Thread.ofVirtual().start(null)                     | Tasks.start",
        "Thread.ofPlatform().start(null)                    | Tasks.start",
        "Thread.startVirtualThread(null)                    | Tasks.start",
        "new Thread().start()                               | Tasks.start",
        "java.util.concurrent.Executors.newCachedThreadPool() | Tasks.start",
        "java.util.concurrent.ThreadLocalRandom.current()   | Randomness",
        "new java.util.Random().nextInt()                   | Randomness",
        "new java.security.SecureRandom().nextInt()         | Randomness",
        "Math.random()                                      | Randomness",
        "java.util.UUID.randomUUID()                        | Randomness",
        "condition.await(1, unit)                           | Tasks.awaitMs",
        "condition.awaitNanos(1)                            | Tasks.awaitMs",
        "queue.poll(1, unit)                                | Tasks.awaitMs",
        "queue.offer(1, 1, unit)                            | Tasks.awaitMs",
        "future.get(1, unit)                                | Tasks.awaitMs",
        "java.util.concurrent.locks.LockSupport.parkNanos(1) | Tasks.awaitMs",
        "java.util.concurrent.CompletableFuture.completedFuture(1) | Pending",
        "java.util.List.of().parallelStream()               | Tasks.start",
        "synchronized (this) { queue = null; }              | ReentrantLock",
        "this.wait()                                        | a Condition"
      })
  void aBannedUseIsFoundAndItsPlaceTakerNamed(String use, String instead) throws IOException {
    assertThat(found("io.weft.agent.fetch", use))
        .isNotEmpty()
        .allMatch(violation -> violation.endsWith("is banned: use " + instead));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "System.nanoTime()",
        "Thread.sleep(1)",
        "condition.await(1, unit)",
        "java.util.concurrent.ThreadLocalRandom.current()"
      })
  void environmentIsTheDoor(String use) throws IOException {
    assertThat(found("io.weft.environment", use)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"condition.await()", "queue.poll()", "unit.convert(1, unit)", "future.get()"})
  void whatHasNoTimeLimitIsFine(String use) throws IOException {
    assertThat(found("io.weft.agent.fetch", use)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.util.Set.of(1, 2)",
        "java.util.Map.of(1, 2)",
        "java.util.Map.copyOf(new java.util.TreeMap<>())"
      })
  void whereOrderMattersACollectionOfChanceOrderIsFound(String use) throws IOException {
    assertThat(found("io.weft.controlplane.state", use))
        .hasSize(1)
        .first()
        .asString()
        .endsWith("use a TreeMap or TreeSet");
    assertThat(found("io.weft.server", use)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"java.util.Map.of()", "java.util.List.of(1, 2)"})
  void whereOrderMattersAnEmptyOneOrAListIsFine(String use) throws IOException {
    assertThat(found("io.weft.controlplane.state", use)).isEmpty();
  }

  @Test
  void aSynchronizedMethodIsFound() throws IOException {
    House house =
        new PlantedHouse(folder)
            .main("io.weft.model.User", "class User { synchronized void run() {} }")
            .built();

    assertThat(new Bans().check(house.classes())).hasSize(1);
  }

  @Test
  void aBannedMethodReferenceIsFound() throws IOException {
    House house =
        new PlantedHouse(folder)
            .main(
                "io.weft.model.User",
                "class User { java.util.function.LongSupplier time = System::nanoTime; }")
            .built();

    assertThat(new Bans().check(house.classes())).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "software.amazon.awssdk.Client, io.weft.storage.file,      io.weft.storage.object.s3",
    "io.grpc.Channel,               io.weft.controlplane.api,  io.weft.controlplane.rpc",
    "org.apache.kafka.common.Node,  io.weft.controlplane.state, io.weft.protocol.frame",
    "org.apache.kafka.common.Node,  io.weft.storage.object,    io.weft.agent.api",
    "org.apache.kafka.common.Node,  io.weft.model,             io.weft.agent.network",
    "org.apache.kafka.common.protocol.Errors, io.weft.agent.fetch, io.weft.agent.api.fetch"
  })
  void aForeignLibraryStaysInItsRooms(String library, String banned, String allowed)
      throws IOException {
    String name = library.substring(library.lastIndexOf('.') + 1);
    String user = "class User { %s field; }".formatted(library);
    House house =
        new PlantedHouse(folder)
            .main(library, "public class " + name + " {}")
            .main(banned + ".User", user)
            .main(allowed + ".User", user)
            .built();

    assertThat(new Bans().check(house.classes()))
        .extracting(Violation::where)
        .contains(banned + ".User")
        .doesNotContain(allowed + ".User");
  }

  private List<String> found(String room, String use) throws IOException {
    String body =
        """
        class User {
          java.util.concurrent.locks.Condition condition;
          java.util.concurrent.BlockingQueue<Integer> queue;
          java.util.concurrent.Future<Integer> future;
          java.util.concurrent.TimeUnit unit;
          void run() throws Exception { %s; }
        }
        """
            .formatted(use);
    House house = new PlantedHouse(folder.resolve(room)).main(room + ".User", body).built();
    return new Bans().check(house.classes()).stream().map(Violation::toString).toList();
  }
}
