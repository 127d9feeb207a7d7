package io.weft.agent.produce;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;

/// Tells connections that send only once they are answered from those that send anyway. Guarded by
/// the intake's lock.
///
/// A connection is held up by the file it waits for if, as most times before, it has sent again
/// promptly after its answers, and about as much as was answered. A client that waits for answers
/// has just that much to send and sends it at once. A client that does not wait sends in its own
/// time: the share of its appends that comes promptly is only the share that the prompt time has in
/// the time between two files. Several times, since a single append may come just then by chance.
final class Senders {
  /// A round trip to a client nearby, and its thinking. Less than half of what lies between the
  /// files of the standard early budget, so that a steady sender is not taken for one that waits.
  static final int PROMPT_MS = 20;

  /// How often it must have been prompt before.
  static final int TRUST_MIN = 2;

  /// A connection that has been prompt for long may be late now and then: each time takes back what
  /// [#LATE_COSTS] prompt ones gave.
  static final int TRUST_MAX = 8;

  private static final int LATE_COSTS = 3;

  /// Connections remembered; those that were answered longest ago are forgotten, and have to show
  /// again that they wait.
  static final int SENDERS_MAX = 10_000;

  /// The least lately answered first.
  private final Map<Long, Sender> senders = new LinkedHashMap<>();

  private static final class Sender {
    private int answered;
    private long answeredMs;
    private int sentAgain;
    private int trust;

    private boolean isWithinPromptTime(long nowMs) {
      return nowMs <= answeredMs + PROMPT_MS;
    }

    /// Half of more than two: the rest of a window may lag behind. One of two may be chance.
    private boolean isPrompt() {
      return sentAgain >= Math.max(Math.min(answered, 2), Math.ceilDiv(answered, 2));
    }
  }

  /// A file is settled.
  ///
  /// @param connections of each of its appends
  void answered(LongStream connections, long nowMs) {
    Map<Long, Integer> counts = new HashMap<>();
    connections.forEach(connection -> counts.merge(connection, 1, Integer::sum));
    counts.forEach((connection, count) -> answered(connection, count, nowMs));
    var eldest = senders.keySet().iterator();
    while (senders.size() > SENDERS_MAX) {
      eldest.next();
      eldest.remove();
    }
  }

  private void answered(long connection, int count, long nowMs) {
    Sender sender = senders.remove(connection);
    if (sender == null) {
      sender = new Sender();
    } else if (!sender.isWithinPromptTime(nowMs)) {
      sender.trust =
          Math.clamp(sender.trust + (sender.isPrompt() ? 1L : -LATE_COSTS), 0, TRUST_MAX);
      sender.answered = 0;
      sender.sentAgain = 0;
    }
    // Files settled one right after the other count as one.
    sender.answered += count;
    sender.answeredMs = nowMs;
    senders.put(connection, sender);
  }

  /// An append has come.
  ///
  /// @return whether its connection is held up
  boolean sent(long connection, long nowMs) {
    Sender sender = senders.get(connection);
    if (sender == null || !sender.isWithinPromptTime(nowMs)) {
      return false;
    }
    sender.sentAgain++;
    return sender.isPrompt() && sender.trust >= TRUST_MIN;
  }
}
