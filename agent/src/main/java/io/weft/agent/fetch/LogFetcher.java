package io.weft.agent.fetch;

import io.weft.agent.ahead.ReadAhead;
import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.VerifiedBatches;
import io.weft.agent.fetch.Assembly.Answer;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.TailWait.Awaited;
import io.weft.agent.fetch.work.OnceFigures;
import io.weft.agent.fetch.work.OnceForAll;
import io.weft.agent.fetch.work.SideBySide;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.environment.Environment;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;

/// Answers fetches: locate, plan, read; where that gives too little, wait for more and do it again.
/// Thread-safe; blocks the caller for as long as the order may wait.
///
/// As in Kafka, an answer does not wait if the order does not ask for it, if there is enough, or if
/// any partition has an error. Whether there is enough is said by the metadata alone, so what is
/// read is answered: of a partition that has more than its limit, the limit counts, and more than
/// all limits together is never waited for. Where the offset asked for, or the end of what may be
/// read, lies inside an extent, the whole extent counts: such an answer may be smaller than the
/// least that was asked for, but never empty.
public final class LogFetcher {
  private final TailIndex tails;
  private final Environment environment;
  private final FetchSettings settings;
  private final Locator locator;
  private final Assembly assembly;

  public LogFetcher(
      TailIndex tails,
      ExtentIndex extents,
      Chunks chunks,
      ReadAhead ahead,
      Environment environment,
      FetchSettings settings) {
    this.tails = tails;
    this.environment = environment;
    this.settings = settings;
    Bookmarks bookmarks = new Bookmarks(settings.bookmarksMax());
    this.locator = new Locator(tails, extents, bookmarks);
    this.assembly =
        new Assembly(
            chunks,
            new SharedReadings(
                new PartitionReader(new VerifiedBatches(chunks), bookmarks),
                new OnceForAll<>(environment, settings.shared())),
            locator,
            ahead,
            new SideBySide(environment, settings.loadsPerAnswerMax()));
  }

  /// As [#fetch(FetchOrder, FetchClient)], for a caller that waits to the end.
  public List<Fetched> fetch(FetchOrder asked) throws InterruptedException {
    return fetch(asked, FetchClient.PATIENT);
  }

  /// While it waits, the answer holds nothing.
  ///
  /// @return one per want, in order
  public List<Fetched> fetch(FetchOrder asked, FetchClient client) throws InterruptedException {
    FetchOrder order = withinBounds(asked);
    if (order.wants().isEmpty()) {
      return List.of();
    }
    long deadlineMs = environment.clock().monotonicMs() + order.waitMsMax();
    tails.watch(order.wants().stream().map(Want::partition).toList());
    while (true) {
      List<Located> located = locator.locate(order);
      ReadPlan plan = ReadPlan.of(located, order, settings.filesPerAnswerMax());
      long leftMs = deadlineMs - environment.clock().monotonicMs();
      if (leftMs <= 0
          || located.stream().anyMatch(Located.Failed.class::isInstance)
          || plan.bytesCounted() >= order.bytesMin()) {
        return read(order, located, plan, client);
      }
      long bytesMissing = order.bytesMin() - plan.bytesCounted();
      List<Awaited> awaited = awaited(order, located, plan);
      client.whileWanted(() -> tails.await(awaited, order.isolation(), bytesMissing, leftMs));
    }
  }

  private List<Fetched> read(
      FetchOrder order, List<Located> located, ReadPlan plan, FetchClient client)
      throws InterruptedException {
    if (!plan.reads().isEmpty()) {
      client.makeRoom(plan.bytesPlanned());
    }
    return readIntoRoom(order, located, plan, client);
  }

  private List<Fetched> readIntoRoom(
      FetchOrder order, List<Located> located, ReadPlan plan, FetchClient client)
      throws InterruptedException {
    Answer answer = assembly.answer(order, located, plan);
    if (!plan.reads().isEmpty()) {
      client.pins(answer.bytesHeld());
    }
    return answer.fetched();
  }

  /// How many readings of partitions were made, and shared by other fetches.
  public OnceFigures figures() {
    return assembly.figures();
  }

  /// What a fetch that waits for nothing has come to.
  public sealed interface AtOnce {
    /// @param fetched one per want, in order
    record Read(List<Fetched> fetched) implements AtOnce {}

    /// Nothing was read.
    ///
    /// @param bytes that the answer needs room for
    record NoRoom(long bytes) implements AtOnce {}
  }

  /// What can be read now, for a caller that holds something others wait for: waits neither for
  /// more of it nor for the answer's room, whatever the order says.
  public AtOnce fetchAtOnce(FetchOrder asked, FetchClient client) throws InterruptedException {
    FetchOrder order = withinBounds(asked);
    if (order.wants().isEmpty()) {
      return new AtOnce.Read(List.of());
    }
    tails.watch(order.wants().stream().map(Want::partition).toList());
    List<Located> located = locator.locate(order);
    ReadPlan plan = ReadPlan.of(located, order, settings.filesPerAnswerMax());
    if (!plan.reads().isEmpty() && !client.takesRoom(plan.bytesPlanned())) {
      return new AtOnce.NoRoom(plan.bytesPlanned());
    }
    return new AtOnce.Read(readIntoRoom(order, located, plan, client));
  }

  /// One partition, and how far the caller knows it.
  ///
  /// @param end the first offset that could not be read when the caller looked
  public record Known(PartitionId partition, long end) {}

  /// Waits until one of the partitions can be read further than is known, or one is gone, or
  /// `timeoutMs` has passed.
  ///
  /// @param bytesMin how much more has to be there
  public void awaitMore(List<Known> partitions, Isolation isolation, long bytesMin, long timeoutMs)
      throws InterruptedException {
    tails.watch(partitions.stream().map(Known::partition).toList());
    List<Awaited> awaited =
        partitions.stream()
            .map(known -> new Awaited(known.partition(), known.end(), settings.bytesMax()))
            .toList();
    tails.await(awaited, isolation, bytesMin, Math.min(timeoutMs, settings.waitMsMax()));
  }

  /// More than the limits let in is not waited for, and nothing is at least one byte.
  private FetchOrder withinBounds(FetchOrder asked) {
    int bytesMax = Math.min(asked.bytesMax(), settings.bytesMax());
    long ofAllPartitions =
        asked.wants().stream().mapToLong(want -> ReadPlan.countedMax(want, bytesMax)).sum();
    long countedMax = Math.max(1, Math.min(bytesMax, ofAllPartitions));
    return new FetchOrder(
        asked.wants(),
        bytesMax,
        Math.min(asked.bytesMin(), countedMax),
        Math.min(asked.waitMsMax(), settings.waitMsMax()),
        asked.isolation());
  }

  private static List<Awaited> awaited(FetchOrder order, List<Located> located, ReadPlan plan) {
    List<Awaited> awaited = new ArrayList<>(located.size());
    for (int i = 0; i < located.size(); i++) {
      Want want = order.wants().get(i);
      switch (located.get(i)) {
        case Located.Here here -> {
          // A reader may be beyond the end: what ends below it is nothing to it.
          long known = Math.max(want.offset(), order.isolation().end(here.bounds()));
          long countable = ReadPlan.countedMax(want, order.bytesMax()) - plan.bytesCounted(i);
          awaited.add(new Awaited(want.partition(), known, (int) countable));
        }
        case Located.Failed failed -> {}
      }
    }
    return awaited;
  }
}
