package io.weft.agent.api.produce;

import io.weft.agent.network.Answer;
import io.weft.agent.network.DeferredAnswer;
import io.weft.agent.produce.ProduceOutcome;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/// The answer to a produce request whose batches are on their way. Awaited by one thread.
///
/// @param deadlineMs on the monotonic clock: what has no outcome by then may or may not be appended
///   yet
/// @param rows of each batch, in the order of the appends, its row in the reply
record DeferredProduce(
    Environment environment,
    List<Pending<List<ProduceOutcome>>> appends,
    long deadlineMs,
    List<Integer> rows,
    ProduceReply reply)
    implements DeferredAnswer {
  @Override
  public boolean isDone() {
    return appends.stream().allMatch(Pending::isDone);
  }

  @Override
  public Answer await() throws InterruptedException {
    rows.forEach(row -> reply.refuse(row, Errors.REQUEST_TIMED_OUT));
    int next = 0;
    for (Pending<List<ProduceOutcome>> append : appends) {
      if (!append.awaitMs(environment, deadlineMs - environment.clock().monotonicMs())) {
        break;
      }
      for (ProduceOutcome outcome : append.await()) {
        reply.settle(rows.get(next++), outcome);
      }
    }
    return new Answer.Ready(reply.response());
  }
}
