package io.weft.agent.api.groups;

import io.weft.agent.api.OutageAnswers;
import io.weft.agent.network.Answer;
import io.weft.agent.network.DeferredAnswer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.Groups;
import io.weft.model.OpaqueBytes;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.AbstractResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An answer the coordinator is asked for when all before it are sent. Awaited by one thread, which
/// is interrupted when the connection is gone: then the coordinator hears that nobody waits.
final class DeferredCoordination implements DeferredAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(DeferredCoordination.class);

  private final Request request;
  private final GroupRequest passed;
  private final Groups groups;

  DeferredCoordination(Request request, GroupRequest passed, Groups groups) {
    this.request = request;
    this.passed = passed;
    this.groups = groups;
  }

  @Override
  public boolean isDone() {
    return false;
  }

  @Override
  public Answer await() throws InterruptedException {
    // It may take as long as a rebalance, and what the request held is copied.
    request.bytes().releaseEarly();
    try {
      OpaqueBytes response = groups.coordinate(passed);
      return new Answer.Ready(
          AbstractResponse.parseResponse(
              request.header().apiKey(),
              new ByteBufferAccessor(ByteBuffer.wrap(response.array())),
              passed.version()));
    } catch (ControlPlaneException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("nobody waits for the coordinator's answer any more");
      }
      LOG.warn("{} not answered: {}", request.header().apiKey(), e.getMessage());
      return OutageAnswers.of(request, e);
    }
  }
}
