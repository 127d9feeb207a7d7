package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.History;
import io.weft.history.Op;
import io.weft.history.Outcome;

/// Counts what a history is made of. Owned by one thread.
final class Tally {
  private long acked;
  private long failed;
  private long unknown;
  private long polls;
  private long read;
  private long faults;

  private Tally() {}

  static Tally of(History history) {
    Tally tally = new Tally();
    for (Op op : history.ops()) {
      if (op.action() instanceof Action.Fault) {
        tally.faults++;
      }
      for (Action.Step step : VersionOrder.steps(op)) {
        tally.count(op.outcome(), step);
      }
    }
    return tally;
  }

  Verdict.Summary summary(VersionOrder order, long lagNanosMax, long quietLagNanosMax) {
    long offsets = order.keys().stream().mapToLong(KeyLog::size).sum();
    return new Verdict.Summary(
        new Verdict.Sends(acked, failed, unknown),
        new Verdict.Reads(polls, read),
        new Verdict.Lag(lagNanosMax, quietLagNanosMax),
        order.keys().size(),
        offsets,
        faults);
  }

  private void count(Outcome outcome, Action.Step step) {
    switch (step) {
      case Action.Send _ -> {
        switch (outcome) {
          case OK -> acked++;
          case FAIL -> failed++;
          case INFO -> unknown++;
        }
      }
      case Action.Poll poll -> {
        polls++;
        poll.runs().forEach(run -> read += run.count());
      }
      case Action.Commit _ -> {}
    }
  }
}
