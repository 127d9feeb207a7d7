/// Weft's file format and where files lie in a bucket.
///
/// `FileOrigin + PartitionRun… → FileComposer → ComposedFile(ObjectBody, FileIndex)` writes;
/// `FileReader → FileFooter → FileOrigin, FileExtent…` reads; `FileLayout` names objects,
/// `FilePlace` says where a file lies; `Crc32c` combines checksums of adjacent bytes.
///
/// Invariants: a file can be understood by itself, and says which cluster it belongs to; batches
/// stand in it as the producer sent them; every byte is under a checksum; topic names never enter a
/// file or a key. Must not know: offsets' meaning, the control plane, sockets.
package io.weft.storage.file;
