/// What administrators set, as part of the state: settings of resources, client quotas, SCRAM
/// credentials.
///
/// `AdminTurn → ResourceTable · QuotaTable · CredentialTable → StateRecord.Administered →
/// AdminTables.replay`
///
/// Invariants: as those of `controlplane.state`; every table is in an order of its own and bounded;
/// a table changes in `replay` only. Must not know: what a setting or a quota means.
package io.weft.controlplane.state.admin;
