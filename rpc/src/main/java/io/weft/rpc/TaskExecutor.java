package io.weft.rpc;

import io.weft.environment.Tasks;
import java.util.concurrent.Executor;

/// Lends gRPC the environment's virtual threads, one for each thing it wants run. Thread-safe.
public record TaskExecutor(Tasks tasks, String threadName) implements Executor {
  @Override
  public void execute(Runnable command) {
    tasks.start(threadName, command);
  }
}
