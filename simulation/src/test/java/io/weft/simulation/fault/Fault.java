package io.weft.simulation.fault;

import java.util.List;

/// All that goes wrong. Each must have happened in the seeds of the suite, or the suite fails.
public enum Fault {
  /// The put is done; the answer says nobody knows, after a time-out.
  PUT_TIMED_OUT_BUT_DONE,
  /// The put is done; the answer is an error, at once.
  PUT_FAILED_BUT_DONE,
  /// The answer is that nobody knows; it is done some seconds later.
  PUT_LANDS_LATE,
  /// It is done, and done again much later, perhaps after a delete of its key.
  PUT_DONE_AGAIN,
  /// 409: nothing is done.
  PUT_CONFLICTS,
  /// 412 for an object of its own.
  PUT_EXISTS_AFTER_OWN,
  /// 503, for this call and some after it.
  STORE_SLOW_DOWN,
  /// The call takes 1 to 30 seconds.
  STORE_SLOW_CALL,
  /// A process does not reach the store for a while.
  STORE_CUT,
  /// The read ends early, with some bytes of the target overwritten.
  READ_TRUNCATED,
  /// The read is of another range, which is noticed after the target was overwritten.
  READ_WRONG_RANGE,
  /// The read ends well, with a bit turned.
  READ_CORRUPT,
  /// The same, of the journal or a snapshot.
  JOURNAL_READ_CORRUPT,
  /// The delete is done in part; the answer says nobody knows.
  DELETE_FAILED_BUT_DONE,
  /// A command never comes to the control plane.
  COMMAND_LOST,
  /// A command is done; its answer never comes.
  COMMAND_ANSWER_LOST,
  /// A message takes seconds.
  MESSAGE_SLOW,
  /// The stream of commits breaks.
  FEED_CUT,
  /// An agent does not reach the control plane for a while.
  CONTROL_PLANE_CUT,
  /// A client's connection breaks before the request comes.
  REQUEST_LOST,
  /// A client's connection breaks after the request came, before the answer does.
  ANSWER_LOST,
  AGENT_KILLED,
  AGENT_PAUSED,
  /// Longer than registrations last.
  AGENT_PAUSED_FOR_LONG,
  /// Between two of its steps, with threads on their way from one wait to the next.
  AGENT_KILLED_AT_STEP,
  AGENT_PAUSED_AT_STEP,
  /// It leaves in good order, and comes back.
  AGENT_CLOSED,
  LEADER_KILLED,
  LEADER_PAUSED,
  LEADER_KILLED_AT_STEP,
  LEADER_PAUSED_AT_STEP,
  /// While a client's EndTxn was under way: sent, and not answered.
  LEADER_KILLED_AT_END,
  /// While a TxnOffsetCommit was.
  LEADER_KILLED_AT_OFFSETS,
  /// While an AddPartitionsToTxn or an AddOffsetsToTxn was.
  LEADER_KILLED_AT_ADDING,
  /// Paused, or cut off from the store, while one of these was.
  LEADER_HELD_UP_IN_TRANSACTION,
  /// Both seats are killed, in the middle of whatever they do.
  CONTROL_PLANE_KILLED,
  CLOCK_JUMPED,
  /// The leader's wall clock shows tomorrow: further ahead than anything is remembered for.
  LEADER_A_DAY_AHEAD,
  /// The stream of commits is seconds behind: what an agent knows of the ends of logs is old.
  FEED_LATE,
  /// The connection to another agent breaks before the request comes.
  NEIGHBOUR_REQUEST_LOST,
  /// It breaks in the middle of the answer.
  NEIGHBOUR_ANSWER_LOST,
  /// Another agent takes a request and never answers.
  NEIGHBOUR_SILENT,
  /// It answers, up to 4 seconds later.
  NEIGHBOUR_SLOW,
  /// It says that it has too much to do.
  NEIGHBOUR_BUSY,
  /// It answers with another file's bytes.
  NEIGHBOUR_OTHER_FILE,
  /// It answers with other bytes of the file.
  NEIGHBOUR_OTHER_RANGE,
  /// It answers with a bit turned, in the bytes or in what is said of them.
  NEIGHBOUR_DAMAGED,
  /// It is killed with the call in its hands.
  NEIGHBOUR_KILLED_IN_CALL,
  NEIGHBOUR_PAUSED_IN_CALL,
  /// An agent does not reach the others for a while, nor they it.
  NEIGHBOURS_CUT;

  /// What befalls single calls of one agent to another.
  public static List<Fault> ofNeighbours() {
    return List.of(
        NEIGHBOUR_REQUEST_LOST,
        NEIGHBOUR_ANSWER_LOST,
        NEIGHBOUR_SILENT,
        NEIGHBOUR_SLOW,
        NEIGHBOUR_BUSY,
        NEIGHBOUR_OTHER_FILE,
        NEIGHBOUR_OTHER_RANGE,
        NEIGHBOUR_DAMAGED);
  }
}
