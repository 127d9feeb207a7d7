package io.weft.controlplane.state.share;

import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// What holds for a share group: its own settings, and what the leader makes of them. Decisions are
/// made by it, nothing is replayed by it. Owned by one thread.
public final class ShareRules {
  private final Function<String, Map<String, String>> own;
  private UnaryOperator<Map<String, String>> made = settings -> settings;

  /// @param own a group's own settings, by Kafka's names
  public ShareRules(Function<String, Map<String, String>> own) {
    this.own = own;
  }

  /// From here on they are what this makes of a group's own ones.
  public void set(UnaryOperator<Map<String, String>> making) {
    made = making;
  }

  public ShareSettings of(String group) {
    return ShareSettings.of(made.apply(own.apply(group)));
  }
}
