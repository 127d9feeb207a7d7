package io.weft.controlplane.state.catalog;

import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.api.topic.DeletedTopics;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.controlplane.state.topic.RetiredTopics.Retired;
import io.weft.controlplane.state.topic.Topics;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntSupplier;

/// Deletes topics, and brings them back. Owned by one thread.
///
/// ```
/// there ─deleted→ kept ─undeleted→ there
///                  └─its time has passed, or let go→ gone
/// there ─deleted, and nothing is kept→ gone
/// ```
public final class TopicDeletion implements StatePart, DeletedTopics {
  /// The level of the records here.
  private static final int SINCE = 2;

  private final CurrentStep step;
  private final Topics topics;
  private final PartitionLogs logs;
  private final IntSupplier level;
  private Period period = _ -> OptionalLong.empty();

  /// For how long deleted topics are kept.
  public interface Period {
    /// @param nowMs the step's time
    /// @return until when a topic is kept that is deleted now; empty if it is not kept
    OptionalLong untilMs(long nowMs);
  }

  /// @param level that is final for the cluster
  public TopicDeletion(CurrentStep step, Topics topics, PartitionLogs logs, IntSupplier level) {
    this.step = step;
    this.topics = topics;
    this.logs = logs;
    this.level = level;
  }

  /// From here on this says how long deleted topics are kept. Until then none is. Not part of the
  /// state.
  public void ledBy(Period leading) {
    period = leading;
  }

  /// How many deleted topics are kept.
  public int kept() {
    return topics.retired().all().size();
  }

  /// @return false if there is no such topic
  public boolean delete(TopicId topic) {
    OptionalLong untilMs =
        level.getAsInt() >= SINCE ? period.untilMs(step.nowMs()) : OptionalLong.empty();
    return step.make(
        untilMs.isPresent()
            ? topics.decideRetire(topic, step.nowMs(), untilMs.getAsLong())
            : topics.decideDelete(topic));
  }

  /// Lets one topic go whose time has passed.
  ///
  /// @param nowMs what time it is
  /// @return false if there is none
  public boolean letGoOneBefore(long nowMs) {
    Optional<TopicId> past = topics.retired().past(nowMs);
    return past.isPresent() && letGo(past.get());
  }

  @Override
  public List<DeletedTopic> list(Optional<TopicId> after) {
    return topics.retired().all().stream()
        .filter(each -> after.isEmpty() || after.get().compareTo(each.topic().id()) < 0)
        .sorted(Comparator.comparing(each -> each.topic().id()))
        .limit(PAGE_TOPICS_MAX)
        .map(this::described)
        .toList();
  }

  private DeletedTopic described(Retired retired) {
    Topic topic = retired.topic();
    long bytes = 0;
    for (int i = 0; i < topic.partitions(); i++) {
      bytes += logs.findKept(new PartitionId(topic.id(), i)).map(PartitionLog::bytes).orElse(0L);
    }
    return new DeletedTopic(
        topic.id(),
        topic.name(),
        topic.partitions(),
        bytes,
        retired.deletedMs(),
        retired.untilMs());
  }

  @Override
  public UndeleteOutcome undelete(TopicId topic, String name) {
    return step.make(topics.decideRestore(topic, name));
  }

  @Override
  public boolean letGo(TopicId topic) {
    return step.make(topics.decideLetGo(topic));
  }
}
