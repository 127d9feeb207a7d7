package io.weft.controlplane.codec.shape;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A set: a list in the natural order of its items. One that comes twice counts once.
record SetShape<T>(ListShape<T> list) implements Shape<Set<T>> {
  @Override
  public void write(Set<T> items, WireWriter out) {
    list.write(List.copyOf(new TreeSet<>(items)), out);
  }

  @Override
  public Set<T> read(WireReader in) {
    return Collections.unmodifiableSet(new TreeSet<>(list.read(in)));
  }

  @Override
  public boolean weighs() {
    return true;
  }

  @Override
  public long weight(Set<T> items) {
    return items.size() * ListShape.ITEM_BYTES;
  }

  @Override
  public int versionAt(int level) {
    return list.versionAt(level);
  }
}
