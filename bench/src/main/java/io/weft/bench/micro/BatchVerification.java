package io.weft.bench.micro;

import io.weft.protocol.record.BatchRules;
import io.weft.protocol.record.BatchVerifier;
import io.weft.protocol.record.Verification;
import java.nio.ByteBuffer;
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

/// The checks of one batch where it lies in its request: head, checksum, every record.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BatchVerification {
  private static final BatchRules RULES = BatchRules.sizeOnly(Integer.MAX_VALUE);

  @Param({"16384", "131072", "1048576"})
  public int batchBytes;

  @Param({"none", "lz4", "zstd"})
  public String codec;

  private ByteBuffer batch;

  @Setup
  public void prepare() {
    batch = Samples.batch(batchBytes, codec);
    Samples.verified(batch);
  }

  /// Time per batch.
  @Benchmark
  public Verification verify() {
    return BatchVerifier.verify(batch, RULES);
  }
}
