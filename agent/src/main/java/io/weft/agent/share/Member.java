package io.weft.agent.share;

/// A member of a share group.
///
/// @param id as the member chose it
public record Member(String group, String id) {}
