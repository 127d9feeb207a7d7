package io.weft.simulation.fault;

/// What only trouble brings about, as agents and clients see it. Each must have been seen in the
/// seeds of the suite: a fault that has no consequence tests nothing.
public enum Sight {
  /// A file's commit came after its id had expired.
  FILE_EXPIRED,
  /// Files were merged, and the merged one took their place.
  FILES_MERGED,
  /// Records of a compacted topic are gone.
  LOG_CLEANED,
  /// A batch that was there already was sent again.
  DUPLICATE,
  /// So long ago that its offset is forgotten.
  DUPLICATE_FORGOTTEN,
  /// A batch came before the one that should have been before it.
  OUT_OF_ORDER,
  /// A batch of a producer's former epoch.
  OLD_EPOCH,
  /// An agent's registration had lapsed.
  AGENT_UNKNOWN,
  /// The control plane is led by another one.
  LEADER_CHANGED,
  /// The answer to a produce was that it is not known whether it was done.
  PRODUCE_TIMED_OUT,
  /// The answer to a produce was that it was not done.
  PRODUCE_REFUSED,
  /// A fetch met what could not be read.
  FETCH_FAILED,
  TRANSACTION_COMMITTED,
  TRANSACTION_ABORTED,
  /// A transaction's end was asked for again, and was done.
  END_ASKED_AGAIN,
  /// A transaction's end was asked for under one leader, and done when another one led.
  END_ACROSS_LEADERS,
  /// The leader died with the end of a transaction in its hands: it had come, and no answer had
  /// left.
  END_DIED_WITH_LEADER,
  /// A transaction took too long: its producer was fenced, and no other one had come.
  TRANSACTION_TIMED_OUT,
  /// A producer hung, another one took its place, and it found out.
  ZOMBIE_FENCED,
  /// An instance of a transactional producer stopped in the middle of a call.
  PRODUCER_STOPPED_IN_CALL,
  /// A reader of what is committed passed over something that was aborted.
  ABORTED_PASSED_OVER,
  /// Where a group goes on was not known yet.
  OFFSETS_UNSTABLE,
  /// A group has shared its partitions out.
  GROUP_REBALANCED,
  /// A member was not heard of for too long, and lost its place.
  MEMBER_EXPIRED,
  /// Records of a share group were accepted, or rejected, and their member was told.
  QUEUE_ACCEPTED,
  QUEUE_REJECTED,
  /// A record of a share group was given to somebody once more.
  QUEUE_GAVE_AGAIN,
  /// What a member said of records came when it no longer had them.
  QUEUE_ACKNOWLEDGED_TOO_LATE,
  /// A record was given too often, and given up.
  QUEUE_GAVE_UP,
  /// Another agent has answered, truly or not.
  NEIGHBOUR_ANSWERED,
  NEIGHBOUR_BUSY,
  /// Nothing listened where another agent was thought to be, or the connection broke.
  NEIGHBOUR_AWAY,
  /// It was lost with a part of its answer sent.
  NEIGHBOUR_LOST_IN_ANSWER,
  /// It did not answer in time.
  NEIGHBOUR_SILENT,
  /// It did not, since it was paused.
  NEIGHBOUR_PAUSED,
  /// Agents came or went while an agent waited for an answer of another one.
  RING_CHANGED_IN_CALL
}
