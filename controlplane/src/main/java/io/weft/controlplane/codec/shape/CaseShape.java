package io.weft.controlplane.codec.shape;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.ReaderTooOldException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.List;
import java.util.Map;

/// A case of a sealed interface: its kind, then what the case has. A case may have one kind for
/// each of its layouts; the kind then says at which level the rest is to be read.
///
/// @param name of any case, for people: "a record"
/// @param byType the layouts of a case, by rising level
/// @param weighs whether one of the cases does
record CaseShape<T>(
    Class<T> type,
    String name,
    Map<Class<?>, List<Layout>> byType,
    Map<Byte, Layout> byKind,
    boolean weighs)
    implements Shape<T> {
  /// @param since the level from which on it is written; 1 for the first
  /// @param only whether the case has no other layout, so that the message's own level counts
  record Layout(byte kind, int since, boolean only, Shape<Object> shape) {}

  @Override
  public void write(T value, WireWriter out) {
    Layout layout = layoutOf(value, out.level());
    out.writeByte(layout.kind);
    int level = out.level();
    if (!layout.only) {
      out.atLevel(layout.since);
    }
    layout.shape.write(value, out);
    out.atLevel(level);
  }

  @Override
  public T read(WireReader in) {
    byte kind = in.readByte();
    Layout layout = byKind.get(kind);
    if (layout == null) {
      throw unknown(kind);
    }
    int level = in.level();
    if (!layout.only) {
      in.atLevel(layout.since);
    }
    T value = type.cast(layout.shape.read(in));
    in.atLevel(level);
    return value;
  }

  private Layout layoutOf(T value, int level) {
    List<Layout> layouts = byType.get(value.getClass());
    Layout found = null;
    for (Layout each : layouts) {
      if (each.since <= level) {
        found = each;
      }
    }
    if (found == null) {
      throw new ReaderTooOldException(value.getClass().getSimpleName(), level);
    }
    return found;
  }

  /// A kind above all that are known is a newer release's, where such bytes are kept.
  private MalformedBytesException unknown(byte kind) {
    String what = "%s of kind %d".formatted(name, kind);
    return kind > 0
        ? new NewerFormatException(what)
        : new MalformedBytesException("there is no " + type.getSimpleName() + " of kind " + kind);
  }

  @Override
  public long weight(T value) {
    return byType.get(value.getClass()).getLast().shape.weight(value);
  }

  @Override
  public int versionAt(int level) {
    int version = 1;
    for (List<Layout> layouts : byType.values()) {
      for (Layout each : layouts) {
        // A case with kinds of its own for its layouts changes nothing around it.
        if (each.only) {
          version = Math.max(version, each.shape.versionAt(level));
        }
      }
    }
    return version;
  }
}
