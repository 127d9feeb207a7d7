package io.weft.agent.share;

import io.weft.agent.fetch.FetchClient;
import io.weft.agent.fetch.FetchOrder;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.Fetched;
import io.weft.agent.fetch.Isolation;
import io.weft.agent.fetch.LogFetcher;
import io.weft.agent.fetch.LogFetcher.AtOnce;
import io.weft.agent.fetch.LogFetcher.Known;
import io.weft.agent.fetch.OffsetSearch;
import io.weft.agent.fetch.OffsetSearch.Found;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ExtentIndex.TimeQuery;
import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOrder;
import io.weft.controlplane.api.ShareGroups.AcknowledgedPartition;
import io.weft.controlplane.api.ShareGroups.AcquireOrder;
import io.weft.controlplane.api.ShareGroups.Acquired;
import io.weft.controlplane.api.ShareGroups.Acquisition;
import io.weft.environment.Environment;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches of share group members: acquire, read, give back what was not read; where there is
/// nothing to acquire, wait and do it again. Thread-safe; [#fetch] blocks.
///
/// New records wake a fetch by the stream of commits. Records that others give back do not: as long
/// as others hold some, it asks again every now and then.
public final class ShareFetcher {
  private static final Logger LOG = LoggerFactory.getLogger(ShareFetcher.class);

  /// How long it takes at most to hear of records that others gave back.
  private static final long ASK_AGAIN_MS = 200;

  private final ShareGroups groups;
  private final LogFetcher fetcher;
  private final OffsetSearch search;
  private final Environment environment;

  public ShareFetcher(
      ShareGroups groups, LogFetcher fetcher, OffsetSearch search, Environment environment) {
    this.groups = groups;
    this.fetcher = fetcher;
    this.search = search;
    this.environment = environment;
  }

  /// What one fetch has come to.
  ///
  /// @param partitions in the order asked for; those that are too many for one call to the control
  ///   plane are left out
  /// @param lockMs how long the member may keep the records; empty if the control plane did not say
  public record Served(
      SequencedMap<PartitionId, ShareFetched> partitions, Optional<Integer> lockMs) {}

  /// Blocks for as long as the order says, and the answer is wanted.
  public Served fetch(ShareFetchOrder asked, FetchClient client) throws InterruptedException {
    ShareFetchOrder order = asked.bounded();
    List<PartitionId> partitions =
        order.partitions().stream().limit(ShareGroups.PARTITIONS_PER_CALL_MAX).toList();
    long deadlineMs = nowMs() + order.waitMsMax();
    while (true) {
      long leftMs = deadlineMs - nowMs();
      Acquisition acquisition;
      try {
        acquisition = acquire(order, partitions, leftMs <= 0);
      } catch (ControlPlaneException failure) {
        LOG.warn("Nothing is acquired for {}: {}", order.member().id(), failure.getMessage());
        return new Served(unplaced(order.partitions()), Optional.empty());
      }
      Delivery delivery = new Delivery(partitions, acquisition);
      if (!delivery.acquired().isEmpty() || leftMs <= 0) {
        OptionalLong bytesMissing = read(order, delivery, isolation(acquisition), client);
        boolean givenBack = giveBack(order.member(), delivery.saidBack());
        // What may be given back later must not be acquired meanwhile: it would be taken away
        // again.
        if (bytesMissing.isEmpty() || !givenBack) {
          return new Served(delivery.shown(), Optional.of(acquisition.lockMs()));
        }
        client.makeRoom(bytesMissing.getAsLong());
      } else {
        client.leaveRoom();
        await(order, partitions, acquisition, leftMs, client);
      }
    }
  }

  private static SequencedMap<PartitionId, ShareFetched> unplaced(List<PartitionId> partitions) {
    SequencedMap<PartitionId, ShareFetched> unplaced = new LinkedHashMap<>();
    partitions.forEach(partition -> unplaced.put(partition, new ShareFetched.Unplaced()));
    return unplaced;
  }

  private Acquisition acquire(
      ShareFetchOrder order, List<PartitionId> partitions, boolean whateverThereIs)
      throws InterruptedException {
    Acquisition acquisition = acquireOnce(order, partitions, whateverThereIs);
    if (acquisition.partitions().stream().noneMatch(Acquired.NeedsStart.class::isInstance)) {
      return acquisition;
    }
    boolean started = false;
    for (int i = 0; i < partitions.size(); i++) {
      if (acquisition.partitions().get(i) instanceof Acquired.NeedsStart(long sinceMs)) {
        started |= start(order.member().group(), partitions.get(i), sinceMs);
      }
    }
    boolean nothingYet =
        acquisition.partitions().stream()
            .noneMatch(each -> each instanceof Acquired.Runs runs && !runs.runs().isEmpty());
    return started && nothingYet ? acquireOnce(order, partitions, whateverThereIs) : acquisition;
  }

  private Acquisition acquireOnce(
      ShareFetchOrder order, List<PartitionId> partitions, boolean whateverThereIs) {
    return groups.acquire(
        new AcquireOrder(
            environment.randomness().nextLong(),
            order.member().group(),
            order.member().id(),
            partitions,
            order.recordsMax(),
            order.bytesMax(),
            whateverThereIs ? 0 : Math.min(order.bytesMin(), order.bytesMax())));
  }

  /// Finds the first record of that time or later; where there is no such record yet, the offset is
  /// that of the next one.
  private boolean start(String group, PartitionId partition, long sinceMs)
      throws InterruptedException {
    Found found = search.byTime(List.of(new TimeQuery(partition, sinceMs))).getFirst();
    return switch (found) {
      case Found.Located located -> groups.startAt(group, partition, located.record().offset());
      case Found.NoRecord none -> groups.startAt(group, partition, none.bounds().highWatermark());
      case Found.Bounds bounds -> groups.startAt(group, partition, bounds.bounds().highWatermark());
      case Found.UnknownPartition _, Found.Unreadable _, Found.Unplaced _ -> false;
    };
  }

  private void await(
      ShareFetchOrder order,
      List<PartitionId> partitions,
      Acquisition acquisition,
      long leftMs,
      FetchClient client)
      throws InterruptedException {
    Isolation isolation = isolation(acquisition);
    List<Known> known = new ArrayList<>();
    boolean askAgain = false;
    for (int i = 0; i < partitions.size(); i++) {
      switch (acquisition.partitions().get(i)) {
        case Acquired.Runs runs -> {
          known.add(new Known(partitions.get(i), isolation.end(runs.bounds())));
          askAgain |= runs.lockedElsewhere();
        }
        case Acquired.NeedsStart _, Acquired.NotBegun _, Acquired.UnknownPartition _ ->
            askAgain = true;
      }
    }
    long waitMs = askAgain ? Math.min(leftMs, ASK_AGAIN_MS) : leftMs;
    long bytesMin = Math.max(1, order.bytesMin());
    client.whileWanted(() -> fetcher.awaitMore(known, isolation, bytesMin, waitMs));
  }

  /// @return the bytes that the answer needs room for, if that is why nothing is read
  private OptionalLong read(
      ShareFetchOrder order, Delivery delivery, Isolation isolation, FetchClient client)
      throws InterruptedException {
    int bytesMax = order.bytesMax();
    List<Want> wants =
        delivery.acquired().stream()
            .map(runs -> new Want(runs.partition(), runs.first(), bytesMax, runs.end()))
            .toList();
    return switch (fetcher.fetchAtOnce(new FetchOrder(wants, bytesMax, 0, 0, isolation), client)) {
      case AtOnce.NoRoom(long bytes) -> {
        delivery.keepAllBack();
        yield OptionalLong.of(bytes);
      }
      case AtOnce.Read(List<Fetched> fetched) -> {
        delivery.deliver(fetched);
        yield OptionalLong.empty();
      }
    };
  }

  /// @return false if nobody knows whether they are given back
  private boolean giveBack(Member member, List<AcknowledgedPartition> said) {
    if (said.isEmpty()) {
      return true;
    }
    try {
      groups.acknowledge(
          new AcknowledgeOrder(
              environment.randomness().nextLong(), member.group(), member.id(), said));
      return true;
    } catch (ControlPlaneException failure) {
      LOG.warn("Records of {} wait for their time limit: {}", member.id(), failure.getMessage());
      return false;
    }
  }

  private static Isolation isolation(Acquisition acquisition) {
    return acquisition.committedOnly() ? Isolation.READ_COMMITTED : Isolation.READ_UNCOMMITTED;
  }

  private long nowMs() {
    return environment.clock().monotonicMs();
  }
}
