package io.weft.protocol.record;

import java.io.ByteArrayOutputStream;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Builds one record, right or wrong as a test wants it. Not thread-safe.
public final class RawRecord {
  private final long timestampDelta;
  private final int offsetDelta;
  private final ByteArrayOutputStream headers = new ByteArrayOutputStream();
  private byte[] key = {};
  private byte[] value = {};
  private int keyLength = -1;
  private int valueLength = -1;
  private int headerCount;
  private OptionalLong length = OptionalLong.empty();
  private OptionalInt forcedHeaderCount = OptionalInt.empty();
  private byte[] trailer = {};

  /// Without key, value or headers at first.
  public RawRecord(long timestampDelta, int offsetDelta) {
    this.timestampDelta = timestampDelta;
    this.offsetDelta = offsetDelta;
  }

  public RawRecord key(String text) {
    key = RawBatch.utf8(text);
    keyLength = key.length;
    return this;
  }

  public RawRecord value(String text) {
    value = RawBatch.utf8(text);
    valueLength = value.length;
    return this;
  }

  public RawRecord header(String name, String text) {
    byte[] nameBytes = RawBatch.utf8(name);
    byte[] textBytes = RawBatch.utf8(text);
    varint(headers, nameBytes.length);
    headers.writeBytes(nameBytes);
    varint(headers, textBytes.length);
    headers.writeBytes(textBytes);
    headerCount++;
    return this;
  }

  /// A header whose key says to be of this length, without bytes.
  public RawRecord headerKeyLength(int value) {
    varint(headers, value);
    varint(headers, -1);
    headerCount++;
    return this;
  }

  /// What it says, whatever there is.
  public RawRecord keyLength(int value) {
    keyLength = value;
    return this;
  }

  /// What it says, whatever there is.
  public RawRecord valueLength(int value) {
    valueLength = value;
    return this;
  }

  /// What it says, whatever there is.
  public RawRecord headerCount(int value) {
    forcedHeaderCount = OptionalInt.of(value);
    return this;
  }

  /// What it says, whatever there is.
  public RawRecord length(long value) {
    length = OptionalLong.of(value);
    return this;
  }

  /// Bytes after the headers that the record's length covers.
  public RawRecord trailer(int bytes) {
    trailer = new byte[bytes];
    return this;
  }

  long timestampDelta() {
    return timestampDelta;
  }

  byte[] bytes() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(0);
    varint(body, timestampDelta);
    varint(body, offsetDelta);
    varint(body, keyLength);
    body.writeBytes(key);
    varint(body, valueLength);
    body.writeBytes(value);
    varint(body, forcedHeaderCount.orElse(headerCount));
    body.writeBytes(headers.toByteArray());
    body.writeBytes(trailer);

    ByteArrayOutputStream record = new ByteArrayOutputStream();
    varint(record, length.orElse(body.size()));
    record.writeBytes(body.toByteArray());
    return record.toByteArray();
  }

  private static void varint(ByteArrayOutputStream target, long value) {
    long left = (value << 1) ^ (value >> 63);
    while ((left & ~0x7fL) != 0) {
      target.write((int) (left & 0x7f) | 0x80);
      left >>>= 7;
    }
    target.write((int) left);
  }
}
