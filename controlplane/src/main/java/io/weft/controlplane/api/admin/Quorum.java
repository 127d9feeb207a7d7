package io.weft.controlplane.api.admin;

import io.weft.controlplane.api.question.Question;

/// How the control plane itself is led.
public interface Quorum {
  @Question(kind = 88, name = "DescribeQuorum")
  Status describe();

  /// @param leader the leading process, by name
  /// @param epoch of its leadership
  /// @param index of the last entry of the journal that the leader knows to be durable
  /// @param timeMs the leader's time
  record Status(String leader, long epoch, long index, long timeMs) {}
}
