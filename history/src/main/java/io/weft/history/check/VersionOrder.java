package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.History;
import io.weft.history.Op;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The order of every key's values, as far as it can be known. Owned by one thread.
///
/// Polls of every operation count, even of those that failed: a reader may never be shown what is
/// not there, whatever becomes of its transaction. Offsets of sends count where the sends must have
/// happened.
final class VersionOrder {
  private final Map<String, KeyLog> keys = new TreeMap<>();
  private final BitSet committed = new BitSet();

  private VersionOrder() {}

  static VersionOrder of(History history) {
    VersionOrder order = new VersionOrder();
    history.ops().forEach(order::takeSends);
    history.ops().forEach(order::takeReads);
    history.ops().forEach(order::decide);
    history.ops().forEach(order::place);
    order.keys.values().forEach(KeyLog::seal);
    return order;
  }

  /// What an operation sends and polls; nothing if it does neither.
  static List<? extends Action.Step> steps(Op op) {
    return switch (op.action()) {
      case Action.Step step -> List.of(step);
      case Action.Transaction(List<Action.Step> steps) -> steps;
      case Action.Committed _,
          Action.Assign _,
          Action.Subscribe _,
          Action.Crash _,
          Action.Fault _ ->
          List.of();
    };
  }

  /// By their names.
  Collection<KeyLog> keys() {
    return keys.values();
  }

  KeyLog key(String key) {
    return keys.computeIfAbsent(key, KeyLog::new);
  }

  /// Whether an operation is OK, or one of its values was read: then all of it has happened.
  boolean mustHaveCommitted(int op) {
    return committed.get(op);
  }

  private void takeSends(Op op) {
    for (Action.Step step : steps(op)) {
      if (step instanceof Action.Send send) {
        Version version = key(send.key()).version(send.value());
        if (version.writer() != Version.NOBODY) {
          throw new IllegalArgumentException(
              "no history: %s was sent by the operations %d and %d"
                  .formatted(send, version.writer(), op.index()));
        }
        version.writtenBy(op.index());
      }
    }
  }

  private void takeReads(Op op) {
    if (op.isOk()) {
      for (Action.Step step : steps(op)) {
        if (step instanceof Action.Poll poll) {
          for (Action.Run run : poll.runs()) {
            KeyLog log = key(run.key());
            for (long value : run.values()) {
              log.version(value).readBy(op.index());
            }
          }
        }
      }
    }
  }

  private void decide(Op op) {
    boolean happened =
        switch (op.outcome()) {
          case OK -> true;
          case FAIL -> false;
          case INFO -> steps(op).stream().anyMatch(this::isSendThatWasRead);
        };
    committed.set(op.index(), happened);
  }

  private boolean isSendThatWasRead(Action.Step step) {
    return step instanceof Action.Send send && key(send.key()).version(send.value()).isRead();
  }

  private void place(Op op) {
    for (Action.Step step : steps(op)) {
      switch (step) {
        case Action.Send send -> {
          if (send.offset() != Action.UNKNOWN && mustHaveCommitted(op.index())) {
            key(send.key()).place(send.offset(), send.value());
          }
        }
        case Action.Poll poll -> {
          for (Action.Run run : poll.runs()) {
            KeyLog log = key(run.key());
            for (int i = 0; i < run.count(); i++) {
              log.place(run.offsets()[i], run.values()[i]);
            }
          }
        }
        case Action.Commit _ -> {}
      }
    }
  }
}
