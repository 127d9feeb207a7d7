/// Where an agent stands among the others: its zone, its group and its roles, as the operator or
/// the cloud says.
///
/// `PlaceSettings → AgentPlace`; `CloudZone → Cloud (the questions of one cloud) → MetadataCall →
/// the cloud's metadata service`
///
/// Invariants: no cloud is asked unless the operator wants it, and then once, at the start; every
/// wait has a limit, each and all together; an answer is short and a plain word, or it counts as
/// none. Must not know: what a zone, a group or a role is used for.
package io.weft.server.place;
