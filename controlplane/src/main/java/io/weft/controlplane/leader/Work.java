package io.weft.controlplane.leader;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.command.Command;
import io.weft.environment.Pending;
import io.weft.model.PartitionId;
import java.util.List;

/// What waits for its turn.
sealed interface Work {
  /// It will not get one.
  void fail(ControlPlaneException.Unavailable why);

  /// About how many bytes it takes while it waits.
  default long bytes() {
    return 0;
  }

  record Asked<R>(Command<R> command, Pending<R> reply, long bytes) implements Work {
    @Override
    public void fail(ControlPlaneException.Unavailable why) {
      reply.fail(why);
    }
  }

  record Opened(FeedSubscription subscription) implements Work {
    @Override
    public void fail(ControlPlaneException.Unavailable why) {
      subscription.breakOff(why.getMessage());
    }
  }

  record Watched(FeedSubscription subscription, List<PartitionId> partitions) implements Work {
    @Override
    public void fail(ControlPlaneException.Unavailable why) {
      subscription.breakOff(why.getMessage());
    }
  }

  record Unwatched(FeedSubscription subscription, List<PartitionId> partitions) implements Work {
    @Override
    public void fail(ControlPlaneException.Unavailable why) {
      subscription.breakOff(why.getMessage());
    }
  }
}
