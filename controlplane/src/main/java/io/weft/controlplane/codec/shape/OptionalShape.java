package io.weft.controlplane.codec.shape;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.Optional;

/// A value that may be absent: 0, or 1 and the value.
record OptionalShape<T>(Shape<T> value) implements Shape<Optional<T>> {
  @Override
  public void write(Optional<T> optional, WireWriter out) {
    out.writeBoolean(optional.isPresent());
    if (optional.isPresent()) {
      value.write(optional.get(), out);
    }
  }

  @Override
  public Optional<T> read(WireReader in) {
    return in.readBoolean() ? Optional.of(value.read(in)) : Optional.empty();
  }

  @Override
  public boolean weighs() {
    return value.weighs();
  }

  @Override
  public long weight(Optional<T> optional) {
    return optional.isPresent() ? value.weight(optional.get()) : 0;
  }

  @Override
  public int versionAt(int level) {
    return value.versionAt(level);
  }
}
