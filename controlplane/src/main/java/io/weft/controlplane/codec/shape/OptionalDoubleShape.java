package io.weft.controlplane.codec.shape;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.OptionalDouble;

/// A number that may be absent: 0, or 1 and the number's 8 bytes (IEEE 754).
final class OptionalDoubleShape implements Shape<OptionalDouble> {
  @Override
  public void write(OptionalDouble value, WireWriter out) {
    out.writeBoolean(value.isPresent());
    value.ifPresent(number -> out.writeLong(Double.doubleToLongBits(number)));
  }

  @Override
  public OptionalDouble read(WireReader in) {
    return in.readBoolean()
        ? OptionalDouble.of(Double.longBitsToDouble(in.readLong()))
        : OptionalDouble.empty();
  }
}
