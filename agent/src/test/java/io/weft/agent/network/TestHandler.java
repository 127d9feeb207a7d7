package io.weft.agent.network;

import io.weft.environment.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.requests.MetadataResponse;

/// Answers everything with empty metadata: at once, or when the test says so.
final class TestHandler implements RequestHandler {
  final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  final LinkedBlockingQueue<Pending<Answer>> owed = new LinkedBlockingQueue<>();
  private final boolean later;

  TestHandler(boolean later) {
    this.later = later;
  }

  static Answer answer() {
    return new Answer.Ready(
        new MetadataResponse(new MetadataResponseData().setClusterId("c"), (short) 1));
  }

  @Override
  public Answer handle(Request request) {
    requests.add(request);
    if (!later) {
      return answer();
    }
    Pending<Answer> pending = new Pending<>();
    owed.add(pending);
    return new Answer.Later(new Owed(pending));
  }

  /// What the test completes.
  private record Owed(Pending<Answer> pending) implements DeferredAnswer {
    @Override
    public boolean isDone() {
      return pending.isDone();
    }

    @Override
    public Answer await() throws InterruptedException {
      return pending.await();
    }
  }

  List<Pending<Answer>> takeOwed(int count) throws InterruptedException {
    List<Pending<Answer>> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(owed.take());
    }
    return taken;
  }
}
