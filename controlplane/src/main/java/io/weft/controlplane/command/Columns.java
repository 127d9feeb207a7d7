package io.weft.controlplane.command;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;

/// Columns of numbers, without their length (the rows are counted once). Stateless.
final class Columns {
  private Columns() {}

  static void writeInts(int[] column, WireWriter out) {
    for (int value : column) {
      out.writeVarInt(value);
    }
  }

  static int[] readInts(int rows, WireReader in) {
    int[] column = new int[rows];
    for (int i = 0; i < rows; i++) {
      column[i] = in.readVarInt();
    }
    return column;
  }

  /// Each as the difference to the one before. (Differences wrap around, both ways alike.)
  static void writeDeltas(long[] column, WireWriter out) {
    long last = 0;
    for (long value : column) {
      out.writeVarLong(value - last);
      last = value;
    }
  }

  static long[] readDeltas(int rows, WireReader in) {
    long[] column = new long[rows];
    long last = 0;
    for (int i = 0; i < rows; i++) {
      last += in.readVarLong();
      column[i] = last;
    }
    return column;
  }
}
