/// What has not been used for a long time: found by the order of the journal's times and one
/// leader's monotonic clock, not by any wall clock.
///
/// Must not know: which things are idle; clocks (times come in with the question).
package io.weft.controlplane.state.idle;
