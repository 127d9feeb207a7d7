/// Looks into a journal without leading it: whether all of it can be read, and what it says.
///
/// `JournalCheck → JournalReport`, `JournalDump → RecordText`.
///
/// Invariants: nothing is written or removed, so that a journal that is being led may be looked at;
/// secrets are not shown. Must not know: seats, terms, commands.
package io.weft.controlplane.leader.inspect;
