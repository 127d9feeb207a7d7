package io.weft.controlplane.api;

import io.weft.controlplane.api.transaction.Fingerprint;
import io.weft.model.PartitionId;

/// One partition's batches in an uploaded file, by columns of equal length: row `i` is the i-th
/// batch as it lies in the file. The arrays are the record's own: nobody writes to them after it is
/// made.
///
/// @param lengths bytes of the batch
/// @param records offsets it takes
/// @param maxTimestampsMs largest record timestamp, or -1
/// @param producerIds -1 for a producer that is not idempotent
/// @param producerEpochs -1 likewise
/// @param baseSequences -1 likewise
/// @param transactions [#NOT_TRANSACTIONAL], [#ADDED_BEFORE] or [#ADDS_ITSELF]
/// @param transactionalIds the [Fingerprint] of the transactional id that a transactional batch was
///   sent under, else [Fingerprint#NONE]; without rows where no batch is transactional, and in the
///   journal, where all is decided
/// @param checksums the CRC-32C that the batch carries; without rows where nobody tells them
public record UploadedBatches(
    PartitionId partition,
    int[] lengths,
    int[] records,
    long[] maxTimestampsMs,
    long[] producerIds,
    short[] producerEpochs,
    int[] baseSequences,
    byte[] transactions,
    long[] transactionalIds,
    int[] checksums) {
  private static final long[] NO_IDS = {};
  private static final int[] NO_CHECKSUMS = {};

  /// The batch is part of no transaction.
  public static final byte NOT_TRANSACTIONAL = 0;

  /// The batch is part of a transaction that its partition must have been added to.
  public static final byte ADDED_BEFORE = 1;

  /// The batch is part of a transaction, and makes its partition part of it, and begins it, where
  /// that has not happened yet (transaction.version 2, KIP-890).
  public static final byte ADDS_ITSELF = 2;

  public UploadedBatches {
    int rows = lengths.length;
    if (rows == 0
        || records.length != rows
        || maxTimestampsMs.length != rows
        || producerIds.length != rows
        || producerEpochs.length != rows
        || baseSequences.length != rows
        || transactions.length != rows
        || (transactionalIds.length != rows && transactionalIds.length != 0)
        || (checksums.length != rows && checksums.length != 0)) {
      throw new IllegalArgumentException("columns of no or unequal length");
    }
    for (int i = 0; i < rows; i++) {
      if (lengths[i] <= 0 || records[i] <= 0) {
        throw new IllegalArgumentException("an empty batch");
      }
      if (transactions[i] < NOT_TRANSACTIONAL || transactions[i] > ADDS_ITSELF) {
        throw new IllegalArgumentException("no such way into a transaction: " + transactions[i]);
      }
    }
  }

  /// Batches whose checksums are not told.
  public UploadedBatches(
      PartitionId partition,
      int[] lengths,
      int[] records,
      long[] maxTimestampsMs,
      long[] producerIds,
      short[] producerEpochs,
      int[] baseSequences,
      byte[] transactions,
      long[] transactionalIds) {
    this(
        partition,
        lengths,
        records,
        maxTimestampsMs,
        producerIds,
        producerEpochs,
        baseSequences,
        transactions,
        transactionalIds,
        NO_CHECKSUMS);
  }

  /// Batches that were sent under no transactional id, and whose checksums are not told.
  public UploadedBatches(
      PartitionId partition,
      int[] lengths,
      int[] records,
      long[] maxTimestampsMs,
      long[] producerIds,
      short[] producerEpochs,
      int[] baseSequences,
      byte[] transactions) {
    this(
        partition,
        lengths,
        records,
        maxTimestampsMs,
        producerIds,
        producerEpochs,
        baseSequences,
        transactions,
        NO_IDS);
  }

  public int count() {
    return lengths.length;
  }

  public boolean tellsChecksums() {
    return checksums.length > 0;
  }

  /// These, with the checksums that their batches carry.
  ///
  /// @param told one for each batch; none at all to tell none
  public UploadedBatches withChecksums(int[] told) {
    return new UploadedBatches(
        partition,
        lengths,
        records,
        maxTimestampsMs,
        producerIds,
        producerEpochs,
        baseSequences,
        transactions,
        transactionalIds,
        told);
  }

  public UploadedBatches withoutChecksums() {
    return tellsChecksums() ? withChecksums(NO_CHECKSUMS) : this;
  }

  /// The fingerprint of the transactional id a batch was sent under.
  public long transactionalId(int batch) {
    return transactionalIds.length == 0 ? Fingerprint.NONE : transactionalIds[batch];
  }

  public boolean isTransactional(int batch) {
    return transactions[batch] != NOT_TRANSACTIONAL;
  }
}
