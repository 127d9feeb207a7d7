package io.weft.controlplane.codec.shape;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.lang.invoke.MethodHandle;
import java.util.List;

/// A record: its components, in order, each from the level on at which it came.
///
/// @param constructor from the components, as an array, to the record; both as objects
record RecordShape<T>(Class<T> type, MethodHandle constructor, List<Component> components)
    implements Shape<T> {
  /// @param accessor from the record to the component, both as objects
  /// @param absent what it is in bytes of a level before `since`
  /// @param weighs as the shape says
  record Component(
      MethodHandle accessor, Shape<Object> shape, int since, Object absent, boolean weighs) {
    int versionAt(int level) {
      return since > level ? 1 : Math.max(since, shape.versionAt(level));
    }
  }

  @Override
  public void write(T value, WireWriter out) {
    for (Component each : components) {
      if (each.since <= out.level()) {
        each.shape.write(Handles.get(each.accessor, value), out);
      }
    }
  }

  @Override
  public T read(WireReader in) {
    Object[] values = new Object[components.size()];
    for (int i = 0; i < values.length; i++) {
      Component each = components.get(i);
      values[i] = each.since <= in.level() ? each.shape.read(in) : each.absent;
    }
    return type.cast(Handles.make(constructor, values));
  }

  @Override
  public int bytesMin() {
    int bytes = 0;
    for (Component each : components) {
      if (each.since == 1) {
        bytes = Math.addExact(bytes, each.shape.bytesMin());
      }
    }
    return bytes;
  }

  @Override
  public boolean weighs() {
    for (Component each : components) {
      if (each.weighs) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long weight(T value) {
    long weight = 0;
    for (Component each : components) {
      if (each.weighs) {
        weight += each.shape.weight(Handles.get(each.accessor, value));
      }
    }
    return weight;
  }

  @Override
  public int versionAt(int level) {
    int version = 1;
    for (Component each : components) {
      version = Math.max(version, each.versionAt(level));
    }
    return version;
  }
}
