/// The control plane's own log: numbered entries, each written once, and snapshots behind them.
///
/// `JournalEntry → JournalWriter → Journal (ObjectJournal) → JournalReader → JournalTip`, and
/// `Snapshots → SnapshotFrame → Snapshot`, `SnapshotPacing` for when the next one is due,
/// `Truncation` for what lies behind the snapshots.
///
/// Invariants: an index is written at most once, by the process that comes first; entries have no
/// gap from the older of the two kept snapshots on; each entry names the checksum of the one before
/// it, so two histories can never be read as one; damage stops the reader and is never skipped.
/// Must not know: what an entry says, commands, replies, which process leads and why.
package io.weft.controlplane.journal;
