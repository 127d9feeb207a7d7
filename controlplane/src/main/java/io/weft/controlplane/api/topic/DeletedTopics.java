package io.weft.controlplane.api.topic;

import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Optional;

/// What an operator may ask about topics that were deleted and can still come back.
public interface DeletedTopics {
  /// Deleted topics that are kept, at most: for one more, the one deleted first is let go.
  int TOPICS_MAX = 10_000;

  /// Partitions of all deleted topics that are kept, at most; likewise.
  int PARTITIONS_MAX = 100_000;

  /// Characters of the settings of all deleted topics that are kept, at most; likewise.
  long SETTING_CHARS_MAX = 8L << 20;

  /// Topics in one page, at most.
  int PAGE_TOPICS_MAX = 500;

  /// The deleted topics, in the order of their ids.
  ///
  /// @param after only those behind this one
  /// @return no more than a page; the next page begins after its last topic. Empty behind the end.
  @Question(kind = 61, name = "ListDeletedTopics", since = 2)
  @AtMost(PAGE_TOPICS_MAX)
  List<DeletedTopic> list(Optional<TopicId> after);

  /// Brings a topic back, as it was when it was deleted: with its id, records, offsets and
  /// settings.
  ///
  /// @param name what it is called from here on
  @Question(kind = 62, name = "UndeleteTopic", since = 2)
  UndeleteOutcome undelete(TopicId topic, String name);

  /// Lets a deleted topic go before its time: it cannot come back any more.
  ///
  /// @return false if no such topic is kept
  @Question(kind = 63, name = "LetDeletedTopicGo", since = 2)
  boolean letGo(TopicId topic);

  /// @param name that it had; another topic may have it now
  /// @param bytes of its records
  /// @param deletedMs when it was deleted, by the clock of the leader
  /// @param untilMs until when it is kept
  record DeletedTopic(
      TopicId id, String name, int partitions, long bytes, long deletedMs, long untilMs) {}

  enum UndeleteOutcome {
    UNDELETED,
    /// It was never deleted, or has been let go.
    NOT_KEPT,
    NAME_TAKEN,
    /// Another topic's name differs only in `.` and `_`.
    NAME_COLLIDES,
    /// There would be too many topics, partitions or settings in all.
    LIMIT_REACHED
  }
}
