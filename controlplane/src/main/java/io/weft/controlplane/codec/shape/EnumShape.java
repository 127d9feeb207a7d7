package io.weft.controlplane.codec.shape;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.List;

/// A constant of an enum: a byte, its place in the order of declaration. So constants are only ever
/// appended.
record EnumShape<T extends Enum<T>>(List<T> constants) implements Shape<T> {
  @Override
  @SuppressWarnings("EnumOrdinal") // The place is what is written; that is why it stays.
  public void write(T value, WireWriter out) {
    out.writeByte(constants.indexOf(value));
  }

  @Override
  public T read(WireReader in) {
    byte code = in.readByte();
    if (code < 0 || code >= constants.size()) {
      throw new MalformedBytesException(
          "unknown %s %d"
              .formatted(constants.getFirst().getDeclaringClass().getSimpleName(), code));
    }
    return constants.get(code);
  }
}
