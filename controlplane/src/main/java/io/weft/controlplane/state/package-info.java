/// The control plane's memory: a pure, deterministic state machine, made of parts.
///
/// `Command → ControlPlaneState.as(…) → part → StateRecord → Parts.replay → parts`. A part
/// (`state.agent`, `state.topic`, `state.log`, …) has a package: its records, its rules, the
/// interfaces of `controlplane.api` that it answers, and its bytes in a snapshot.
/// `ControlPlaneState` is the list of them: in which order they are replayed and written, and which
/// part hears the records of which other. Adding a concern is adding a package, and one line there.
/// `StateRecordCodec` puts the families of records together, `StateSnapshot` the parts' bytes.
///
/// Invariants: only `replay` changes state, and the same records in the same order give the same
/// state everywhere, byte for byte in a snapshot. A record holds the outcome of a decision and not
/// only its question, so that a later version's rules never change the past. All that is decided
/// belongs to the step that the state is in. No clock (time comes in with the step and is kept in
/// the record), no I/O, no thread, no chance, no order of a hash map. Must not know: the journal,
/// the leader's deadlines, Kafka's error codes.
package io.weft.controlplane.state;
