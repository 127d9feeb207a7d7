package io.weft.controlplane.state;

import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;

/// Bytes of a whole state; equal states have equal bytes. Stateless.
///
///     snapshot = version:1 clusterId:string timeMs catalogVersion part* former
///
/// The parts stand in their order. Version 2 has no `former`: what is remembered of deleted topics'
/// producers. Version 3 is that of the first level; that of a level above is the level and two.
public final class StateSnapshot {
  private static final int VERSION_FIRST_LEVEL = 3;
  private static final int LEVEL_TO_VERSION = VERSION_FIRST_LEVEL - Levels.FIRST;
  private static final int VERSION_OLDEST = 2;

  private StateSnapshot() {}

  public static void write(ControlPlaneState state, WireWriter out) {
    int level = state.level().value();
    out.writeByte(level + LEVEL_TO_VERSION);
    out.atLevel(level);
    state.write(out);
    state.logs().former().write(out);
  }

  /// @throws MalformedBytesException if these are no snapshot's bytes
  public static ControlPlaneState read(WireReader in) {
    return read(in, Levels.KNOWN);
  }

  /// Reads as a release does that knows levels up to this one.
  public static ControlPlaneState read(WireReader in, int known) {
    byte version = in.readByte();
    NewerFormatException.check(
        "the state in a snapshot", version, VERSION_OLDEST, known + LEVEL_TO_VERSION);
    in.atLevel(Math.max(Levels.FIRST, version - LEVEL_TO_VERSION));
    return MalformedBytesException.ifImpossible("snapshot", () -> read(version, in));
  }

  private static ControlPlaneState read(byte version, WireReader in) {
    ControlPlaneState state = new ControlPlaneState();
    state.read(in);
    if (version >= VERSION_FIRST_LEVEL) {
      state.logs().former().read(in);
    } else {
      state.logs().former().beginUnknown();
    }
    return state;
  }
}
