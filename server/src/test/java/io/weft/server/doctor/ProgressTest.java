package io.weft.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.environment.Clock;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private long nowMs = 1_000;

  private final Clock clock =
      new Clock() {
        @Override
        public long wallMs() {
          return nowMs;
        }

        @Override
        public long nanos() {
          return nowMs * 1_000_000;
        }
      };

  @Test
  void whatGoesOnIsSaidOnceItHasGoneOnForLong() {
    StringWriter said = new StringWriter();
    Progress progress = new Progress(new PrintWriter(said), clock);
    progress.goesOn(() -> "too early");
    nowMs += Progress.EVERY_MS;
    progress.goesOn(() -> "in time");
    progress.goesOn(() -> "too early again");
    progress.say("at once");
    nowMs += Progress.EVERY_MS - 1;
    progress.goesOn(() -> "too early still");
    assertThat(said.toString().lines()).containsExactly("in time", "at once");
  }
}
