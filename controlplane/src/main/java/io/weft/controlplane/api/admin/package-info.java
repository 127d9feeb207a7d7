/// What administrators set for the whole cluster, and how it is led.
///
/// `ResourceSettings` · `ClientQuotas` · `ScramCredentials` · `Quorum`
///
/// Invariants: as those of `controlplane.api`; what a setting, a quota or a credential means is the
/// caller's business: here they are names, numbers and bytes. Must not know: Kafka's error codes,
/// passwords.
package io.weft.controlplane.api.admin;
