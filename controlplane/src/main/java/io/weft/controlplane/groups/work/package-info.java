/// The work that the coordinator puts off: tasks that are due at a time, and tasks that would keep
/// the leader busy.
///
/// `schedule → ShardTimer → takeDue`, `schedule → ShardExecutor → a thread beside the leader's →
/// takeDone`: the leader then applies the results of both in a step of its own.
///
/// Invariants: a decision that is taken back takes back what it has cancelled and what it has given
/// to the thread (timers that it has begun go on, and find nothing to do); beside the leader's
/// thread runs one task at a time, over what it was given when it began (`TopicNames`), for a
/// limited time. Must not know: the state, steps.
package io.weft.controlplane.groups.work;
