package io.weft.history.check;

import java.util.List;
import java.util.stream.Stream;

/// What must hold of a history besides what always must.
///
/// @param idempotent producers are: a value at two offsets is bad, and so is one that lies before
///   what its producer sent earlier; else both are only counted
/// @param readCommitted readers are given committed records only
/// @param readToEnd somebody has read every key from its beginning past its end once all was
///   written: what was acknowledged and never read is bad
/// @param contiguous offsets have no gaps: no compaction, no markers of transactions
/// @param quietLagNanosMax how long a record that was acknowledged may be missing in its readers'
///   polls while no [Action.Fault] goes on; [Long#MAX_VALUE] if it does not matter
/// @param pipelines whose outputs are to be compared with their inputs
public record Expectations(
    boolean idempotent,
    boolean readCommitted,
    boolean readToEnd,
    boolean contiguous,
    long quietLagNanosMax,
    List<Pipeline> pipelines) {
  public Expectations {
    pipelines = List.copyOf(pipelines);
  }

  /// Idempotent producers without transactions, everything read at the end.
  public static Expectations idempotentProducers() {
    return new Expectations(true, true, true, true, Long.MAX_VALUE, List.of());
  }

  /// Producers that may send again what has arrived; everything read at the end.
  public static Expectations plainProducers() {
    return new Expectations(false, true, true, true, Long.MAX_VALUE, List.of());
  }

  /// Transactions, everything read at the end with read_committed.
  public static Expectations transactions() {
    return new Expectations(true, true, true, false, Long.MAX_VALUE, List.of());
  }

  /// The same, when the final reads are missing.
  public Expectations withoutFinalReads() {
    return new Expectations(
        idempotent, readCommitted, false, contiguous, quietLagNanosMax, pipelines);
  }

  public Expectations withQuietLagNanosMax(long nanos) {
    return new Expectations(idempotent, readCommitted, readToEnd, contiguous, nanos, pipelines);
  }

  /// The same, with one more pipeline, which has come to its end.
  public Expectations withPipeline(Pipeline one) {
    return new Expectations(
        idempotent,
        readCommitted,
        readToEnd,
        contiguous,
        quietLagNanosMax,
        Stream.concat(pipelines.stream(), Stream.of(one)).toList());
  }
}
