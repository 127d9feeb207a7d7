package io.weft.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Calls run elsewhere as if they had run here.
class BlockingCallsTest {
  private final Environment environment = Environment.system();
  private final BlockingCalls calls = new BlockingCalls("test", 2);

  @AfterEach
  void close() {
    calls.close();
  }

  @Test
  void aVirtualThreadsCallRunsOnAPlatformThread() throws InterruptedException {
    assertThat(virtually(() -> calls.run(() -> !Thread.currentThread().isVirtual()))).isTrue();
  }

  @Test
  void aFailureIsTheCallers() {
    assertThatThrownBy(() -> virtually(() -> calls.run(this::fail)))
        .hasRootCauseInstanceOf(IOException.class);
    assertThatThrownBy(() -> calls.run(this::fail)).isInstanceOf(IOException.class);
  }

  @Test
  void anInterruptionDoesNotEndTheWaitAndStays() throws InterruptedException {
    Pending<Boolean> release = new Pending<>();
    Pending<Boolean> began = new Pending<>();
    AtomicBoolean ended = new AtomicBoolean();
    Pending<Boolean> result = new Pending<>();
    Thread caller =
        environment
            .tasks()
            .start(
                "caller",
                () -> {
                  try {
                    calls.run(
                        () -> {
                          began.complete(true);
                          awaited(release);
                          ended.set(true);
                          return true;
                        });
                    result.complete(ended.get() && Thread.currentThread().isInterrupted());
                  } catch (IOException e) {
                    result.fail(new IllegalStateException(e));
                  }
                });
    began.await();
    caller.interrupt();
    release.complete(true);

    assertThat(result.await()).isTrue();
  }

  private boolean fail() throws IOException {
    throw new IOException("as wanted");
  }

  private static void awaited(Pending<Boolean> pending) {
    try {
      pending.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean virtually(BlockingCalls.Call<Boolean> body) throws InterruptedException {
    Pending<Boolean> result = new Pending<>();
    environment
        .tasks()
        .start(
            "caller",
            () -> {
              try {
                result.complete(body.run());
              } catch (IOException e) {
                result.fail(new IllegalStateException(e));
              }
            });
    return result.await();
  }
}
