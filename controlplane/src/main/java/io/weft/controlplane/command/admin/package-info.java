/// What administrators ask, as commands and as bytes.
///
/// `Administration → CommandedAdministration → AdminCommand → AdminCommandCodec → ResourceWire ·
/// QuotaWire · CredentialWire`.
///
/// Invariants: as those of `controlplane.command`. Must not know: what a setting or a quota means.
package io.weft.controlplane.command.admin;
