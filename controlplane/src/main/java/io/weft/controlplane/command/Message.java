package io.weft.controlplane.command;

import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import java.util.Optional;

/// What is sent, with a version of its own: the level at which it was given its layout. Immutable.
///
/// Two releases agree on a level; what is written at it has the version that it has at that level,
/// and every version up to the highest level known here is read.
///
/// @param <T> what its body is
final class Message<T> {
  private final String what;
  private final Shape<T> shape;
  private final boolean weighs;
  private final byte[] versions = new byte[Levels.KNOWN + 1];

  /// @param what it is, for messages to people
  Message(String what, Shape<T> shape) {
    this.what = what;
    this.shape = shape;
    this.weighs = shape.weighs();
    for (int level = Levels.FIRST; level <= Levels.KNOWN; level++) {
      versions[level] = (byte) shape.versionAt(level);
    }
  }

  /// The version that is written at a level; at levels of one version the bytes are the same.
  int versionAt(int level) {
    return versions[level];
  }

  void writeVersion(int level, WireWriter out) {
    out.writeByte(versionAt(level));
  }

  void writeBody(T value, int level, WireWriter out) {
    out.lastTopic(Optional.empty());
    shape.write(value, out.atLevel(level));
  }

  /// @param known the highest level that is read
  /// @throws NewerFormatException for a version that a newer release has given
  T readBody(byte version, int known, WireReader in) {
    if (version > known) {
      throw new NewerFormatException("version %d of a %s".formatted(version, what));
    }
    if (version < Levels.FIRST || versions[version] != version) {
      throw new MalformedBytesException("no %s has version %d".formatted(what, version));
    }
    in.lastTopic(Optional.empty());
    return MalformedBytesException.ifImpossible(what, () -> shape.read(in.atLevel(version)));
  }

  long weight(T value) {
    return weighs ? shape.weight(value) : 0;
  }
}
