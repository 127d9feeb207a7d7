/// What administrators set: settings of resources, client quotas, SCRAM credentials.
///
/// `ResourceSettings → ResourceTables → ResourceConfigured`; `ClientQuotas → QuotaTable →
/// QuotaAltered`; `ScramCredentials → CredentialTable → CredentialRecord`: a part each.
///
/// Invariants: every table is bounded and has a fixed order. Must not know: what a setting or a
/// quota means.
package io.weft.controlplane.state.admin;
