package io.weft.server.process;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Ends the run of a module's tests when a test class makes no progress: a test that hangs says
/// what it waits for and costs minutes, not the time that is left.
///
/// JUnit's own timeouts interrupt: that frees no read of a socket, and they leave out dynamic tests
/// and what comes before and after a test. JUnit finds this class as a service.
public final class StuckTests implements TestExecutionListener {
  private static final long LIMIT_MINUTES = Long.getLong("weft.test.minutes", 20);

  /// What the long runs of chaos take is not a lack of progress.
  private static final long CHAOS_SECONDS = Long.getLong("weft.chaos.seconds", 0);

  private static final long LIMIT_NS =
      TimeUnit.MINUTES.toNanos(LIMIT_MINUTES) + TimeUnit.SECONDS.toNanos(CHAOS_SECONDS);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final Duration END_WITHIN = Duration.ofSeconds(30);
  private static final int EXIT_CODE = 3;
  private static final int FRAMES_MAX = 40;
  private static final String OURS = "io.weft.";

  /// What runs, and when it last began, or something in it began or ended.
  private final Map<TestIdentifier, Long> lastProgressNs = new ConcurrentHashMap<>();

  private volatile TestPlan plan;

  @Override
  public void testPlanExecutionStarted(TestPlan started) {
    plan = started;
    Thread.ofPlatform().daemon().name("stuck-tests").start(this::watch);
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    if (test.getParentId().isPresent()) {
      lastProgressNs.put(test, System.nanoTime());
    }
    noteProgressAbove(test);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    lastProgressNs.remove(test);
    noteProgressAbove(test);
  }

  private void noteProgressAbove(TestIdentifier test) {
    for (Optional<TestIdentifier> above = plan.getParent(test);
        above.isPresent();
        above = plan.getParent(above.get())) {
      lastProgressNs.replace(above.get(), System.nanoTime());
    }
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(LOOK_EVERY);
        Optional<TestIdentifier> stuck = stuck();
        if (stuck.isPresent()) {
          report(stuck.get());
          end();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<TestIdentifier> stuck() {
    long nowNs = System.nanoTime();
    return lastProgressNs.entrySet().stream()
        .filter(each -> nowNs - each.getValue() > LIMIT_NS)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private void report(TestIdentifier stuck) {
    System.err.printf("<<< ERROR! Stuck for %d minutes: %s%n", LIMIT_MINUTES, stuck.getUniqueId());
    lastProgressNs.keySet().forEach(each -> System.err.println("runs: " + each.getUniqueId()));
    Thread.getAllStackTraces().forEach(StuckTests::print);
    Path file = Path.of("target", "stuck-threads.txt").toAbsolutePath();
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
      System.err.println("All threads, the virtual ones too: " + file);
    } catch (IOException e) {
      System.err.println("No file with all threads: " + e.getMessage());
    }
  }

  private static void print(Thread thread, StackTraceElement[] frames) {
    boolean ours = false;
    StringBuilder text = new StringBuilder("thread " + thread.getName());
    for (int i = 0; i < Math.min(frames.length, FRAMES_MAX); i++) {
      ours |= frames[i].getClassName().startsWith(OURS);
      text.append("\n    at ").append(frames[i]);
    }
    if (ours) {
      System.err.println(text);
    }
  }

  /// In an orderly way if that works, so that the tests' own processes end too.
  private static void end() throws InterruptedException {
    Thread.ofPlatform().daemon().start(() -> System.exit(EXIT_CODE));
    Thread.sleep(END_WITHIN);
    Runtime.getRuntime().halt(EXIT_CODE);
  }
}
