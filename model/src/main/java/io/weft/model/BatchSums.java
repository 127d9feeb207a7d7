package io.weft.model;

/// Numbers for one partition's batches, by which can be told that none of them was lost, doubled,
/// moved or changed: what belongs together is added up, and what is put in its place must add up to
/// the same.
///
/// A batch's number is drawn, as by chance, from the partition, its first offset, how many offsets
/// it takes, and the CRC-32C that it carries of its bytes from the attributes on. Sums wrap, and
/// their order does not matter. The numbers stand in journals and snapshots: they never change.
///
/// @param salt of the partition
public record BatchSums(long salt) {
  private static final long STEP = 0x9E37_79B9_7F4A_7C15L;

  public static BatchSums of(PartitionId partition) {
    long topic = mix(partition.topic().high() + STEP) + partition.topic().low();
    return new BatchSums(mix(mix(topic) + partition.partition()));
  }

  /// @param offsets that it takes
  public long of(long baseOffset, int offsets, int crc) {
    long place = mix(salt + baseOffset * STEP);
    return mix(place + ((long) offsets << Integer.SIZE) + Integer.toUnsignedLong(crc));
  }

  /// One to one, and of each bit of a number about half of the bits of the other depend.
  private static long mix(long number) {
    long mixed = (number ^ (number >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return mixed ^ (mixed >>> 31);
  }
}
