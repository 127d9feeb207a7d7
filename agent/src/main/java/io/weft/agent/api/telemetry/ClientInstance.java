package io.weft.agent.api.telemetry;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/// One client that asks for subscriptions and pushes, and when it last did. Thread-safe.
final class ClientInstance {
  private static final long NEVER_MS = Long.MIN_VALUE / 2;

  private final Uuid id;
  private final long settingsVersion;
  private final int subscriptionId;
  private final List<String> metrics;
  private final int intervalMs;
  private final ReentrantLock lock = new ReentrantLock();
  private long lastGetMs = NEVER_MS;
  private long lastPushMs = NEVER_MS;
  private boolean askedSinceLastPush;
  private boolean terminating;
  private Errors lastError = Errors.NONE;

  /// @param settingsVersion of the subscriptions that it was made from
  ClientInstance(
      Uuid id, long settingsVersion, int subscriptionId, List<String> metrics, int intervalMs) {
    this.id = id;
    this.settingsVersion = settingsVersion;
    this.subscriptionId = subscriptionId;
    this.metrics = metrics;
    this.intervalMs = intervalMs;
  }

  Uuid id() {
    return id;
  }

  long settingsVersion() {
    return settingsVersion;
  }

  int subscriptionId() {
    return subscriptionId;
  }

  List<String> metrics() {
    return metrics;
  }

  int intervalMs() {
    return intervalMs;
  }

  /// Whether it may ask what to push: once an interval, or at once after an error that asking is
  /// the cure for.
  boolean mayGet(long nowMs) {
    lock.lock();
    try {
      boolean isCure =
          lastError == Errors.UNKNOWN_SUBSCRIPTION_ID
              || lastError == Errors.UNSUPPORTED_COMPRESSION_TYPE;
      boolean may = isCure || nowMs - Math.max(lastGetMs, lastPushMs) >= intervalMs;
      if (may) {
        lastGetMs = nowMs;
        askedSinceLastPush = true;
        lastError = Errors.NONE;
      }
      return may;
    } finally {
      lock.unlock();
    }
  }

  /// Whether it may push, apart from what it pushes.
  ///
  /// @param isLast whether it says that it terminates: that may come early, and nothing after it
  /// @return `NONE`, or why not
  Errors mayPush(long nowMs, boolean isLast) {
    lock.lock();
    try {
      if (terminating) {
        return Errors.INVALID_REQUEST;
      }
      terminating = isLast;
      // The first push after asking comes when the client's jitter says.
      boolean inTime = askedSinceLastPush || nowMs - lastPushMs >= intervalMs;
      if (inTime) {
        lastPushMs = nowMs;
        askedSinceLastPush = false;
      }
      return inTime || isLast ? Errors.NONE : Errors.THROTTLING_QUOTA_EXCEEDED;
    } finally {
      lock.unlock();
    }
  }

  void failed(Errors error) {
    lock.lock();
    try {
      lastError = error;
    } finally {
      lock.unlock();
    }
  }
}
