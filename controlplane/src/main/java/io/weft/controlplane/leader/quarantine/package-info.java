/// Commands that have ended a leader, and are kept from ending the next one.
///
/// Must not know: what a command means, which process leads, the journal.
package io.weft.controlplane.leader.quarantine;
