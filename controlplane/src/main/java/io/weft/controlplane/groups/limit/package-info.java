/// The limits of a request to the group coordinator, and of the records it leads to.
///
/// `request → Faults → the coordinator decides → records → GroupLimits → the state`
///
/// Invariants: nothing here holds state; a request is refused as a whole or not at all, and one
/// that only frees things is never refused. Must not know: the coordinator, the leader, steps.
package io.weft.controlplane.groups.limit;
