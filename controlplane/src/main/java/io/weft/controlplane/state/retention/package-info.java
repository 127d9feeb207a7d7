/// What is past its retention.
///
/// `RetentionWalk.slice → LogRecord.LogStart`
///
/// Invariants: each slice is bounded by named counts; what is found depends on the state and the
/// time that is passed in, and on no clock. Must not know: files, how the time was agreed on.
package io.weft.controlplane.state.retention;
