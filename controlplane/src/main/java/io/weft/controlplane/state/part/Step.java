package io.weft.controlplane.state.part;

import java.util.List;

/// What is decided together, at one time.
///
/// @param nowMs never before the time of any record there is
/// @param records to which what is decided is added
/// @param changes hears what the records change
public record Step(long nowMs, List<StateRecord> records, ChangeListener changes) {}
