/// Which cluster owns a bucket.
///
/// `BucketOwnership → BucketMark` reads and writes the owner's mark; `ClusterBucket` is a bucket
/// (or two: one for each tier of files) whose mark has been compared; code that writes or reads
/// files there gets it.
///
/// Invariants: a bucket is of one cluster; a file lies in one bucket, as its id says; its mark is
/// written once, and rewritten only on purpose; whether a bucket holds records is never judged by
/// its mark. Must not know: the control plane, what is in a file.
package io.weft.storage.bucket;
