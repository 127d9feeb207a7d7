package io.weft.controlplane.state.file;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.Arrays;

/// Bytes for columns of numbers that are mostly alike.
///
/// ```
/// modes  = number of two bits per column, the first column in the lowest
/// column = nothing                 mode 0: all are -1
///        | value - base            mode 1: all are equal
///        | (value - one before)*   mode 2: the first one's "one before" is the base
/// ```
///
/// Numbers are of variable length. Differences wrap: any long can be in a column.
final class NumberColumns {
  static final int MODE_BITS = 2;

  private static final int NONE = 0;
  static final int EQUAL = 1;
  private static final int EACH = 2;

  private NumberColumns() {}

  /// A column's values by row; a view of an array of whatever type.
  interface Column {
    long at(int row);
  }

  static int mode(Column column, int rows) {
    long first = column.at(0);
    for (int row = 1; row < rows; row++) {
      if (column.at(row) != first) {
        return EACH;
      }
    }
    return first == -1 ? NONE : EQUAL;
  }

  static int modes(Column[] columns, int rows) {
    int modes = 0;
    for (int i = 0; i < columns.length; i++) {
      modes |= mode(columns[i], rows) << (i * MODE_BITS);
    }
    return modes;
  }

  /// @param index which of the columns
  static int modeOf(int modes, int index) {
    return (modes >>> (index * MODE_BITS)) & 3;
  }

  static void write(WireWriter out, int mode, long base, Column column, int rows) {
    if (mode == EQUAL) {
      out.writeVarLong(column.at(0) - base);
    } else if (mode == EACH) {
      writeEach(out, base, column, rows);
    }
  }

  static void writeEach(WireWriter out, long base, Column column, int rows) {
    long before = base;
    for (int row = 0; row < rows; row++) {
      long value = column.at(row);
      out.writeVarLong(value - before);
      before = value;
    }
  }

  /// @param modes all the columns' modes
  /// @param index which of the columns this is
  /// @param rows must be known to be backed by as many bytes: they are allocated
  static long[] read(WireReader in, int modes, int index, long base, int rows) {
    long[] values = new long[rows];
    switch (modeOf(modes, index)) {
      case NONE -> Arrays.fill(values, -1);
      case EQUAL -> Arrays.fill(values, in.readVarLong() + base);
      case EACH -> readEach(in, base, values);
      default -> throw new MalformedBytesException("a column of mode 3");
    }
    return values;
  }

  static void readEach(WireReader in, long base, long[] values) {
    long before = base;
    for (int row = 0; row < values.length; row++) {
      before += in.readVarLong();
      values[row] = before;
    }
  }

  static int[] ints(long[] values) {
    int[] narrow = new int[values.length];
    for (int row = 0; row < values.length; row++) {
      narrow[row] = (int) values[row];
      checkFits(narrow[row] == values[row]);
    }
    return narrow;
  }

  static short[] shorts(long[] values) {
    short[] narrow = new short[values.length];
    for (int row = 0; row < values.length; row++) {
      narrow[row] = (short) values[row];
      checkFits(narrow[row] == values[row]);
    }
    return narrow;
  }

  /// From one less each: "all 0" is then written as nothing.
  static byte[] bytesFromMinusOne(long[] values) {
    byte[] narrow = new byte[values.length];
    for (int row = 0; row < values.length; row++) {
      narrow[row] = (byte) (values[row] + 1);
      checkFits(narrow[row] == values[row] + 1);
    }
    return narrow;
  }

  private static void checkFits(boolean fits) {
    if (!fits) {
      throw new MalformedBytesException("a number that its column cannot have");
    }
  }
}
