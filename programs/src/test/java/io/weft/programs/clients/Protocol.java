package io.weft.programs.clients;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The ways of the Java consumer to be in a group.
enum Protocol {
  EAGER("org.apache.kafka.clients.consumer.RangeAssignor"),
  COOPERATIVE("org.apache.kafka.clients.consumer.CooperativeStickyAssignor"),
  /// KIP-848; the group assigns.
  CONSUMER("");

  private final String assignor;

  Protocol(String assignor) {
    this.assignor = assignor;
  }

  /// These, and what a consumer needs to be in a group this way.
  Map<String, Object> settings(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    if (this == CONSUMER) {
      settings.put("group.protocol", "consumer");
    } else {
      settings.put("group.protocol", "classic");
      settings.put("partition.assignment.strategy", assignor);
      settings.put("heartbeat.interval.ms", 500);
    }
    return settings;
  }

  /// For names of topics and groups.
  String lowerCase() {
    return name().toLowerCase(Locale.ROOT);
  }
}
