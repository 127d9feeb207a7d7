/// What a request to the group coordinator may be, and what it may lead to.
///
/// `request → Faults → the coordinator decides → records → GroupLimits → the state`
///
/// Invariants: nothing here keeps anything; what is refused is refused as a whole, and letting go
/// is never refused. Must not know: the coordinator, the leader, steps.
package io.weft.controlplane.groups.limit;
