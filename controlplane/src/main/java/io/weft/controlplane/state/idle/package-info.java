/// What has not been used for a long time: told by the order of the journal's times and one
/// leader's own measure, not by anybody's wall clock.
///
/// Must not know: what it is that is idle; clocks (times come in with the question).
package io.weft.controlplane.state.idle;
