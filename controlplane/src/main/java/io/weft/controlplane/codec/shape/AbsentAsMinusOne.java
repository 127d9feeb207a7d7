package io.weft.controlplane.codec.shape;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.Optional;

/// A number that is never negative and may be absent: -1 where it is.
public final class AbsentAsMinusOne implements Shape<Optional<Long>> {
  @Override
  public void write(Optional<Long> number, WireWriter out) {
    out.writeVarLong(number.orElse(-1L));
  }

  @Override
  public Optional<Long> read(WireReader in) {
    long number = in.readVarLong();
    return number < 0 ? Optional.empty() : Optional.of(number);
  }
}
