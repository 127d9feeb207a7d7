package io.weft.bench.micro;

import io.weft.protocol.record.VerifiedBatch;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileComposer;
import io.weft.storage.file.FileOrigin;
import io.weft.storage.file.PartitionRun;
import io.weft.storage.file.StoredBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The closing of a file of 8 MiB: its slices, its index, its checksums combined.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FileComposing {
  private static final int FILE_BYTES = 8 << 20;
  private static final FileOrigin ORIGIN = new FileOrigin("benchmark", 1, 1);

  @Param({"16384", "131072"})
  public int batchBytes;

  @Param({"1", "64"})
  public int partitions;

  private List<PartitionRun> runs;

  @Setup
  public void prepare() {
    VerifiedBatch verified = Samples.verified(Samples.batch(batchBytes, "none"));
    List<StoredBatch> each =
        Collections.nCopies(FILE_BYTES / batchBytes / partitions, Samples.stored(verified));
    runs = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      runs.add(new PartitionRun(Samples.partition(partition), each));
    }
  }

  /// Time per file.
  @Benchmark
  public ComposedFile compose() {
    return FileComposer.compose(ORIGIN, runs);
  }
}
