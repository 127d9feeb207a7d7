package io.weft.bench.micro;

import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.leader.LeaderSeat;
import io.weft.controlplane.leader.LeaderSettings;
import io.weft.environment.Environment;
import io.weft.storage.object.MemoryObjectStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The whole leader with its journal in memory, asked by one thread, one command after the other:
/// turns, entries, snapshots and the hand-over between two threads are in it. `batches` is what
/// counts.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx3g", "-Xms3g", "-XX:+UseSerialGC"})
public class LeaderSequencing {
  private static final long LEADING_MS_MAX = 60_000;

  @Param({"1000"})
  public int partitions;

  @Param({"1", "16"})
  public int batchesPerRun;

  private MemoryObjectStore store;
  private LeaderSeat seat;
  private Commits commits;
  private Command<List<FileOutcome>> commit;

  @Setup(Level.Iteration)
  public void begin() {
    store = new MemoryObjectStore();
    seat = LeaderSeat.open(store, LeaderSettings.standard("benchmark", true), Environment.system());
    seat.awaitLeading(LEADING_MS_MAX);
    commits = new Commits(seat, new Commits.Shape(partitions, batchesPerRun, 4, true));
  }

  @TearDown(Level.Iteration)
  public void end() {
    seat.close();
    store.close();
  }

  @Setup(Level.Invocation)
  public void prepare() {
    commit = commits.next();
  }

  /// From the question to the answer.
  @Benchmark
  public void leader(Placed placed) {
    placed.count(seat.ask(commit));
  }
}
