/// Looks into a journal without leading it: whether all of it can be read, what it says, and the
/// state that it gives.
///
/// `JournalCheck → JournalReport`, `JournalDump → RecordText`, `FollowedState → ControlPlaneState`.
///
/// Invariants: nothing is written or removed, so that a journal that is being led may be looked at;
/// secrets are not shown. Must not know: seats, terms, commands.
package io.weft.controlplane.leader.inspect;
