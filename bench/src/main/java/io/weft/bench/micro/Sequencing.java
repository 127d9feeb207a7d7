package io.weft.bench.micro;

import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandCodec;
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
import org.openjdk.jmh.annotations.Warmup;

/// Taking commits, on one thread and with a garbage collector that has no threads of its own:
/// checks, places, extents, and the bytes of the journal's entry. `batches` is what counts.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx3g", "-Xms3g", "-XX:+UseSerialGC"})
public class Sequencing {
  @Param({"1000"})
  public int partitions;

  @Param({"1", "16"})
  public int batchesPerRun;

  private StateOnly state;
  private Commits commits;
  private Command<List<FileOutcome>> commit;
  private byte[] commitBytes;

  /// A new state each time: it grows by an extent per run.
  @Setup(Level.Iteration)
  public void begin() {
    state = new StateOnly();
    commits = new Commits(state, new Commits.Shape(partitions, batchesPerRun, 4, true));
  }

  /// What the agent has done. An invocation takes milliseconds, so it may stand apart.
  @Setup(Level.Invocation)
  public void ask() {
    commit = commits.next();
    WireWriter out = new WireWriter(1 << 16);
    CommandCodec.writeCommand(commit, Levels.FIRST, out);
    commitBytes = out.toByteArray();
  }

  /// State and journal entry.
  @Benchmark
  public int state(Placed placed) {
    placed.count(state.ask(commit));
    return state.entryBytes();
  }

  /// The same, with the command read from its bytes and the reply written to its bytes.
  @Benchmark
  public byte[] stateAndCodec(Placed placed) {
    @SuppressWarnings("unchecked") // It is the commit that was written.
    Command<List<FileOutcome>> read =
        (Command<List<FileOutcome>>) CommandCodec.readCommand(new WireReader(commitBytes));
    List<FileOutcome> reply = state.ask(read);
    placed.count(reply);
    WireWriter out = new WireWriter();
    CommandCodec.writeReply(read, reply, Levels.FIRST, out);
    return out.toByteArray();
  }
}
