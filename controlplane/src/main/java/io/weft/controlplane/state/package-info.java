/// The control plane's memory: a pure, deterministic state machine.
///
/// `Command → Turn → decide… → StateRecord → replay…`: each concern is a part (`Topics`,
/// `PartitionLogs`, `FileLeases`, `LiveFiles`, `Agents`, `ProducerIdBlocks`) whose `decide` methods
/// change nothing and whose `replay` methods decide nothing; `ControlPlaneState` puts them
/// together. `StateRecordCodec` gives records their bytes, `ChangeListener` hears what became
/// visible.
///
/// Invariants: only `replay` changes state, and the same records in the same order give the same
/// state everywhere, byte for byte in a snapshot. A record holds the outcome of a decision and not
/// only its question, so that a later version's rules never change the past. No clock (time comes
/// in with the call and is kept in the record), no I/O, no thread, no chance, no order of a hash
/// map. Must not know: the journal, the leader's deadlines, Kafka's error codes.
package io.weft.controlplane.state;
