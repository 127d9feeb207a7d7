/// Gathers verified batches into files, makes them durable, and gets them their places in the log.
///
/// `ProducePath.append → BatchIntake (ActiveFile, closed by FlushPolicy) → ClosedFile → FileFlusher
/// (FileIds, then FileUploader → FilePut, many at once) → FileListener → CommitQueue (in id order,
/// many files per call) → Sequencer.commit → ProduceOutcome… → the request's Pending`.
///
/// Invariants: all batches of one append go into one file, in order; an append that comes later
/// goes into the same file or a later one; an agent's files are committed in the order of their
/// ids, however their uploads end; nothing is `Judged` before its file is durable and committed,
/// and `NotAppended` means that it never will be; a request's bytes are held, and counted, until
/// its file's last put has ended and its outcome is known: then their memory is used again. Must
/// not know: connections, Kafka's error codes, topics' names or settings.
package io.weft.agent.produce;
