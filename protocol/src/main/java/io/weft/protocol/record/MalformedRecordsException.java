package io.weft.protocol.record;

import io.weft.protocol.record.Verification.Reason;
import java.util.OptionalInt;

/// Ends the check of a batch at the first thing that is wrong. Never leaves this package and has no
/// stack trace: it is made by whatever a client sends.
final class MalformedRecordsException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int NO_RECORD = -1;

  private final Reason reason;
  private final int record;

  private MalformedRecordsException(Reason reason, String message, int record) {
    super(message, null, false, false);
    this.reason = reason;
    this.record = record;
  }

  MalformedRecordsException(Reason reason, String message) {
    this(reason, message, NO_RECORD);
  }

  static MalformedRecordsException invalid(String message) {
    return new MalformedRecordsException(Reason.INVALID, message);
  }

  /// The same, with the record that is to blame.
  MalformedRecordsException at(int index) {
    return new MalformedRecordsException(reason, getMessage(), index);
  }

  Reason reason() {
    return reason;
  }

  OptionalInt record() {
    return record == NO_RECORD ? OptionalInt.empty() : OptionalInt.of(record);
  }
}
