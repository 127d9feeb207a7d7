package io.weft.protocol.record;

import io.weft.protocol.record.Verification.Reason;

/// One walk over the records of a batch, checking each. Owned by one thread; allocates nothing.
///
/// ```
/// Record => Length:varint Attributes:int8 TimestampDelta:varlong OffsetDelta:varint
///           KeyLength:varint Key ValueLength:varint Value HeaderCount:varint Header*
/// Header => KeyLength:varint Key ValueLength:varint Value
/// ```
///
/// `Length` counts what follows it and must be met to the byte. A length of -1 means null, which a
/// header's key may not be.
final class RecordWalk {
  private static final long NO_TIMESTAMP = -1;

  /// The two lengths of an empty header.
  private static final int HEADER_BYTES_MIN = 2;

  private final RecordBytes bytes;
  private final BatchRules rules;
  private final long baseTimestampMs;

  /// Index of the record being read; the one to blame if the walk ends early.
  private int index;

  private long firstTimestampMs;
  private long maxTimestampMs = NO_TIMESTAMP;

  RecordWalk(RecordBytes bytes, BatchRules rules, long baseTimestampMs) {
    this.bytes = bytes;
    this.rules = rules;
    this.baseTimestampMs = baseTimestampMs;
  }

  /// Reads exactly `count` records and the end of the bytes after them.
  void run(int count) throws MalformedRecordsException {
    for (index = 0; index < count; index++) {
      readRecord();
    }
    bytes.requireEnd();
  }

  int index() {
    return index;
  }

  long firstTimestampMs() {
    return firstTimestampMs;
  }

  /// The largest timestamp seen, or -1.
  long maxTimestampMs() {
    return maxTimestampMs;
  }

  private void readRecord() throws MalformedRecordsException {
    int length = bytes.varint();
    require(length >= 0, "a negative record length");
    long end = bytes.position() + length;
    bytes.skip(1);
    readTimestamp(bytes.varlong());
    // A consumer works out offsets from the deltas: a wrong one would hide other producers'
    // records from it.
    require(bytes.varint() == index, "offset deltas that are not 0, 1, 2 and so on");
    boolean hasKey = skipNullable(end);
    require(hasKey || !rules.keysRequired(), "a record without a key in a compacted topic");
    skipNullable(end);
    readHeaders(end);
    require(bytes.position() == end, "a record length that does not fit its fields");
  }

  private void readTimestamp(long delta) throws MalformedRecordsException {
    long timestampMs = baseTimestampMs + delta;
    if (index == 0) {
      firstTimestampMs = Math.max(timestampMs, NO_TIMESTAMP);
    }
    maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
    if (timestampMs != NO_TIMESTAMP
        && (timestampMs < rules.timestampMinMs() || timestampMs > rules.timestampMaxMs())) {
      throw new MalformedRecordsException(
          Reason.TIMESTAMP_OUT_OF_RANGE,
          "timestamp %d is out of range: it must be from %d to %d"
              .formatted(timestampMs, rules.timestampMinMs(), rules.timestampMaxMs()));
    }
  }

  private void readHeaders(long end) throws MalformedRecordsException {
    int headers = bytes.varint();
    require(
        headers >= 0 && headers <= (end - bytes.position()) / HEADER_BYTES_MIN,
        "an impossible number of headers");
    for (int i = 0; i < headers; i++) {
      require(skipNullable(end), "a header without a key");
      skipNullable(end);
    }
  }

  /// @return false if the field is null
  private boolean skipNullable(long end) throws MalformedRecordsException {
    int length = bytes.varint();
    if (length == -1) {
      return false;
    }
    require(
        length >= 0 && length <= end - bytes.position(), "a field that does not fit its record");
    bytes.skip(length);
    return true;
  }

  private static void require(boolean condition, String otherwise)
      throws MalformedRecordsException {
    if (!condition) {
      throw MalformedRecordsException.invalid(otherwise);
    }
  }
}
