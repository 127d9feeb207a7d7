package io.weft.controlplane.codec.shape;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.ReaderTooOldException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.List;

/// A constant of an enum: a byte, its place in the order of declaration. So constants are only ever
/// appended, each with the level [since][Since] which it is written.
///
/// @param since of each constant, by its place; never falling
record EnumShape<T extends Enum<T>>(List<T> constants, List<Integer> since) implements Shape<T> {
  /// @throws IllegalArgumentException if a constant came later than one that is declared behind it
  static <T extends Enum<T>> EnumShape<T> of(Class<T> type) {
    List<T> constants = List.of(type.getEnumConstants());
    List<Integer> since = constants.stream().map(EnumShape::since).toList();
    if (!since.stream().sorted().toList().equals(since)) {
      throw new IllegalArgumentException(type + ": constants are appended");
    }
    return new EnumShape<>(constants, since);
  }

  private static int since(Enum<?> constant) {
    try {
      Since since =
          constant.getDeclaringClass().getField(constant.name()).getAnnotation(Since.class);
      return since == null ? 1 : since.value();
    } catch (NoSuchFieldException e) {
      throw new IllegalArgumentException("a constant that is no field: " + constant, e);
    }
  }

  @Override
  public void write(T value, WireWriter out) {
    int place = constants.indexOf(value);
    if (since.get(place) > out.level()) {
      throw new ReaderTooOldException("%s.%s".formatted(name(), value.name()), out.level());
    }
    out.writeByte(place);
  }

  /// A constant above all that are known is a newer release's, where such bytes are kept.
  @Override
  public T read(WireReader in) {
    byte place = in.readByte();
    if (place >= constants.size()) {
      throw new NewerFormatException("a %s of number %d".formatted(name(), place));
    }
    if (place < 0 || since.get(place) > in.level()) {
      throw new MalformedBytesException(
          "there is no %s of number %d at level %d".formatted(name(), place, in.level()));
    }
    return constants.get(place);
  }

  private String name() {
    return constants.getFirst().getDeclaringClass().getSimpleName();
  }

  @Override
  public int versionAt(int level) {
    return since.stream().filter(each -> each <= level).max(Integer::compare).orElse(1);
  }
}
