package io.weft.protocol.cleaning;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The last offset of each key, in memory that does not grow. Owned by one thread.
///
/// A key is kept as the first 128 bits of its SHA-256, which no two keys have in common, not even
/// keys that were chosen for it: with a collision a record would be lost that is the last of its
/// key. With its offset a key takes 24 bytes; the table is filled up to nine tenths, as Kafka's.
public final class KeyOffsets {
  public static final int BYTES_PER_SLOT = 24;

  /// Longs of a slot: two of the hash, one for the offset.
  private static final int SLOT_LONGS = 3;

  private static final int OFFSET = 2;

  private static final double LOAD = 0.9;

  private static final int SLOTS_MIN = 16;

  /// An offset is written as one more than it is: 0 is an empty slot.
  private final long[] table;

  private final int slots;
  private final int keysMax;
  private final MessageDigest digest = sha256();
  private final byte[] hash = new byte[digest.getDigestLength()];
  private final ByteBuffer hashed = ByteBuffer.wrap(hash);
  private int keys;
  private long lastOffset = -1;

  /// @param bytesMax of the table
  /// @param keysExpected it takes no more memory than so many keys need
  public KeyOffsets(long bytesMax, long keysExpected) {
    long most = Math.min(bytesMax / BYTES_PER_SLOT, Integer.MAX_VALUE / SLOT_LONGS - 1);
    long needed = keysExpected > most ? most : (long) (keysExpected / LOAD) + 1;
    this.slots = (int) Math.max(SLOTS_MIN, Math.min(most, needed));
    this.keysMax = (int) (slots * LOAD);
    this.table = new long[slots * SLOT_LONGS];
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }

  /// Offsets of a key must be put in rising order.
  ///
  /// @param key from its position to its limit; neither moves
  /// @return false if there is no room: nothing was put
  public boolean put(ByteBuffer key, long offset) {
    if (keys == keysMax) {
      return false;
    }
    int at = find(key);
    if (table[at + OFFSET] == 0) {
      keys++;
      table[at] = hashed.getLong(0);
      table[at + 1] = hashed.getLong(Long.BYTES);
    }
    table[at + OFFSET] = offset + 1;
    lastOffset = offset;
    return true;
  }

  /// All up to this offset has been put, as far as it had a key.
  public void passed(long offset) {
    lastOffset = offset;
  }

  /// The offset up to which it knows the last ones, inclusive.
  public long lastOffset() {
    return lastOffset;
  }

  /// @return -1 if the key was not put
  public long offsetOf(ByteBuffer key) {
    return table[find(key) + OFFSET] - 1;
  }

  /// @return where the key is or would be
  private int find(ByteBuffer key) {
    digest.update(key.duplicate());
    try {
      digest.digest(hash, 0, hash.length);
    } catch (DigestException e) {
      throw new IllegalStateException("the hash has its length", e);
    }
    long high = hashed.getLong(0);
    long low = hashed.getLong(Long.BYTES);
    int slot = (int) Long.remainderUnsigned(high, slots);
    while (true) {
      int at = slot * SLOT_LONGS;
      if (table[at + OFFSET] == 0 || (table[at] == high && table[at + 1] == low)) {
        return at;
      }
      slot = slot + 1 == slots ? 0 : slot + 1;
    }
  }
}
