/// Object stores that speak S3: AWS, Ceph's gateway and others. The only room with a vendor's SDK.
///
/// `S3Settings → S3ObjectStore → SliceStream (bodies out), RangeFill (bytes in), S3Failures
/// (exceptions)`.
///
/// Invariants: one call is one HTTP attempt (the SDK's retries are off); an upload names its
/// CRC-32C in a header and its bytes are not copied into one array; an answer is believed only if
/// its status, range and length are what was asked for. Must not know: files' contents.
package io.weft.storage.object.s3;
