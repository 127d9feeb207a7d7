/// The merging of small files into larger ones, behind everybody's back.
///
/// `CompactionLoop → Compactions.next → InputReader (JobInputs → VerifiedBatches) → MergedFile →
/// FilePut → UploadCheck → WrittenSums → Compactions.swap`
///
/// Invariants: one job at a time, and one input of it at a time; every batch passes the checks of
/// those that are served, and is written byte for byte, those of a partition in the order of their
/// offsets; a file is in the bucket, and has been looked at there, before its extents are asked to
/// take the place of others; a job that fails leaves a file that belongs to nothing, and no more.
/// What is read is not kept for others. Must not know: how jobs are chosen, producers, fetches.
package io.weft.agent.compaction;
