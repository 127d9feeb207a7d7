package io.weft.protocol.record;

import io.weft.protocol.record.Verification.Reason;
import java.util.List;

/// Ends the check of a batch. Never leaves this package and has no stack trace: it is made by
/// whatever a client sends.
final class MalformedRecordsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  @SuppressWarnings("serial") // never serialized
  private final List<RecordFlaw> flaws;

  MalformedRecordsException(Reason reason, String message, List<RecordFlaw> flaws) {
    super(message, null, false, false);
    this.reason = reason;
    this.flaws = flaws;
  }

  MalformedRecordsException(Reason reason, String message) {
    this(reason, message, List.of());
  }

  static MalformedRecordsException invalid(String message) {
    return new MalformedRecordsException(Reason.INVALID, message);
  }

  /// The same, with the record that is to blame.
  MalformedRecordsException at(int index) {
    return new MalformedRecordsException(
        reason, getMessage(), List.of(new RecordFlaw(index, getMessage())));
  }

  Reason reason() {
    return reason;
  }

  /// The records that are to blame, if it is them.
  List<RecordFlaw> flaws() {
    return flaws;
  }
}
