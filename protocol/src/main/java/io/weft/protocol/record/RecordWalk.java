package io.weft.protocol.record;

import io.weft.protocol.record.Verification.Reason;
import java.util.ArrayList;
import java.util.List;

/// One walk over the records of a batch, checking each. Owned by one thread; allocates nothing
/// while all is well.
///
/// A record that cannot be read ends the walk: where the next one begins is not known. Records that
/// are whole, and not what the partition takes, are gathered and refused together.
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
  private final long recordBytesMax;

  private final List<RecordFlaw> flaws = new ArrayList<>(0);
  private int flawed;
  private boolean timestampOutOfRange;

  /// Index of the record being read; the one to blame if the walk ends early.
  private int index;

  private long firstTimestampMs;
  private long maxTimestampMs = NO_TIMESTAMP;

  /// @param recordBytesMax the most bytes of one record
  RecordWalk(RecordBytes bytes, BatchRules rules, long baseTimestampMs, long recordBytesMax) {
    this.bytes = bytes;
    this.rules = rules;
    this.baseTimestampMs = baseTimestampMs;
    this.recordBytesMax = recordBytesMax;
  }

  /// Reads exactly `count` records and the end of the bytes after them.
  void run(int count) throws MalformedRecordsException {
    try {
      for (index = 0; index < count; index++) {
        readRecord();
      }
      bytes.requireEnd();
    } catch (MalformedRecordsException e) {
      throw e.at(index);
    }
    if (flawed > 0) {
      throw new MalformedRecordsException(
          timestampOutOfRange ? Reason.TIMESTAMP_OUT_OF_RANGE : Reason.INVALID,
          flawed == 1
              ? flaws.getFirst().message()
              : "%d of the batch's records; the first: %s"
                  .formatted(flawed, flaws.getFirst().message()),
          flaws);
    }
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
    if (length > recordBytesMax) {
      throw MalformedRecordsException.invalid(
          "a record of %d bytes where max.decompressed.message.bytes allows %d"
              .formatted(length, recordBytesMax));
    }
    long end = bytes.position() + length;
    bytes.skip(1);
    long timestampMs = readTimestamp(bytes.varlong());
    // A consumer works out offsets from the deltas: a wrong one would hide other producers'
    // records from it.
    require(bytes.varint() == index, "offset deltas that are not 0, 1, 2 and so on");
    boolean hasKey = skipNullable(end);
    skipNullable(end);
    readHeaders(end);
    require(bytes.position() == end, "a record length that does not fit its fields");
    if (!hasKey && rules.keysRequired()) {
      blame("a record without a key in a compacted topic");
    } else if (!isInRange(timestampMs)) {
      timestampOutOfRange = true;
      blame(
          "timestamp %d is out of range: it must be from %d to %d"
              .formatted(timestampMs, rules.timestampMinMs(), rules.timestampMaxMs()));
    }
  }

  private void blame(String why) {
    flawed++;
    if (flaws.size() < Verification.FLAWS_MAX) {
      flaws.add(new RecordFlaw(index, why));
    }
  }

  private boolean isInRange(long timestampMs) {
    return timestampMs == NO_TIMESTAMP
        || (timestampMs >= rules.timestampMinMs() && timestampMs <= rules.timestampMaxMs());
  }

  private long readTimestamp(long delta) {
    long timestampMs = baseTimestampMs + delta;
    if (index == 0) {
      firstTimestampMs = Math.max(timestampMs, NO_TIMESTAMP);
    }
    maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
    return timestampMs;
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
