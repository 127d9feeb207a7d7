package io.weft.agent.api.share;

/// A member of a share group.
///
/// @param id as the member chose it
record Member(String group, String id) {}
