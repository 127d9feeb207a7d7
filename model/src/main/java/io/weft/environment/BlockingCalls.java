package io.weft.environment;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Platform threads for what blocks in the kernel, such as the calls that write one file.
/// Thread-safe.
///
/// A virtual thread that blocks in the kernel holds its carrier, and the JDK wakes or starts
/// another one for every such call. So a series of them is handed over as one.
public final class BlockingCalls implements AutoCloseable {
  private static final long IDLE_SECONDS = 10;

  private final ThreadPoolExecutor threads;

  /// Starts no thread yet; unused ones end.
  ///
  /// @param threadsMax more calls than these wait for their turn
  public BlockingCalls(String name, int threadsMax) {
    this.threads =
        new ThreadPoolExecutor(
            threadsMax,
            threadsMax,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            // As long as there are callers, each of which waits.
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /// What is to be done.
  @FunctionalInterface
  public interface Call<T> {
    T run() throws IOException;
  }

  /// Has it done and waits until it has ended, even if interrupted: what the call uses is not in
  /// use any more afterwards. The interruption stays with the thread.
  public <T> T run(Call<T> call) throws IOException {
    if (!Thread.currentThread().isVirtual()) {
      return call.run();
    }
    Job<T> job = new Job<>(call, Thread.currentThread());
    try {
      threads.execute(job);
    } catch (RejectedExecutionException e) {
      throw new IOException("closed", e);
    }
    return job.await();
  }

  /// Does not wait: what was asked comes to its end, what is asked from now on fails.
  @Override
  public void close() {
    threads.shutdown();
  }

  private static final class Job<T> implements Runnable {
    private final Call<T> call;
    private final Thread caller;
    private T result;
    private Throwable thrown;

    /// Written last, read first: the two above are seen with it.
    private volatile boolean ended;

    Job(Call<T> call, Thread caller) {
      this.call = call;
      this.caller = caller;
    }

    @Override
    public void run() {
      try {
        result = call.run();
      } catch (IOException | RuntimeException | Error e) {
        thrown = e;
      }
      ended = true;
      LockSupport.unpark(caller);
    }

    T await() throws IOException {
      boolean interrupted = false;
      while (!ended) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      switch (thrown) {
        case null -> {}
        case IOException outside -> throw outside;
        case Error error -> throw error;
        default -> throw (RuntimeException) thrown;
      }
      return result;
    }
  }
}
