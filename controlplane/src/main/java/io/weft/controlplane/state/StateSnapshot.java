package io.weft.controlplane.state;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;

/// Bytes of a whole state; equal states have equal bytes. Stateless.
///
///     snapshot = version:1 clusterId:string timeMs catalogVersion part* former
///
/// The parts stand in their order. Version 2 has no `former`: what is remembered of deleted topics'
/// producers.
public final class StateSnapshot {
  private static final int VERSION = 3;
  private static final int VERSION_OLDEST = 2;

  private StateSnapshot() {}

  public static void write(ControlPlaneState state, WireWriter out) {
    out.writeByte(VERSION);
    state.write(out);
    state.logs().former().write(out);
  }

  /// @throws MalformedBytesException if these are no snapshot's bytes
  public static ControlPlaneState read(WireReader in) {
    byte version = in.readByte();
    NewerFormatException.check("the state in a snapshot", version, VERSION_OLDEST, VERSION);
    return MalformedBytesException.ifImpossible("snapshot", () -> read(version, in));
  }

  private static ControlPlaneState read(byte version, WireReader in) {
    ControlPlaneState state = new ControlPlaneState();
    state.read(in);
    if (version >= 3) {
      state.logs().former().read(in);
    } else {
      state.logs().former().beginUnknown();
    }
    return state;
  }
}
