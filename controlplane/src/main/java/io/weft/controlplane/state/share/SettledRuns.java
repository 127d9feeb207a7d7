package io.weft.controlplane.state.share;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.state.share.ShareChange.SettledRun;
import java.util.ArrayList;
import java.util.List;

/// Bytes of runs in the order of their offsets. Stateless.
///
///     runs = count (gap length-1 deliveries)*
///
/// A gap is from the offset after the run before, the first's from the start.
public final class SettledRuns implements Shape<List<SettledRun>> {
  private final long start;

  /// From offset 0 on.
  public SettledRuns() {
    this(0);
  }

  SettledRuns(long start) {
    this.start = start;
  }

  @Override
  public void write(List<SettledRun> runs, WireWriter out) {
    out.writeVarInt(runs.size());
    long at = start;
    for (SettledRun run : runs) {
      out.writeVarLong(run.firstOffset() - at);
      out.writeVarLong(run.lastOffset() - run.firstOffset());
      out.writeVarInt(run.deliveries());
      at = run.lastOffset() + 1;
    }
  }

  @Override
  public List<SettledRun> read(WireReader in) {
    int count = in.readCount(3);
    List<SettledRun> runs = new ArrayList<>(count);
    long at = start;
    for (int i = 0; i < count; i++) {
      long first = at + in.readVarLong();
      long last = first + in.readVarLong();
      runs.add(new SettledRun(first, last, in.readVarInt()));
      at = last + 1;
    }
    return runs;
  }
}
