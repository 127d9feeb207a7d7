package io.weft.controlplane.state;

import io.weft.controlplane.codec.PageHash;
import io.weft.controlplane.codec.WireWriter;
import java.util.function.Consumer;

/// Numbers that differ if two replicas' states do (FNV-1a of what is in a snapshot, as slow as
/// one). Immutable.
///
/// @param former of what is remembered of deleted topics' producers: states that were read from
///   snapshots of different versions may differ in it, and in nothing else
public record StateHash(long withoutFormer, long former) {
  public static StateHash of(ControlPlaneState state) {
    return new StateHash(
        hash(state.level().value(), state::write),
        hash(state.level().value(), state.logs().former()::write));
  }

  private static long hash(int level, Consumer<WireWriter> write) {
    WireWriter out = WireWriter.paged(1 << 16, Long.MAX_VALUE).atLevel(level);
    write.accept(out);
    return PageHash.fnv1a(out.takePages());
  }
}
