/// An object store in a folder: one file per object, made durable by the file system's own means.
///
/// `LocalObjectStore → BlockingCalls → Scratch (temporary files), Folders (durable parents), Walk
/// (lists)`.
///
/// Invariants: an object appears whole, by one rename or one hard link of a file that is synced
/// already (unless the store is opened with `sync=false`); nothing is read or written outside the
/// root; files in `.tmp` are not objects. Several processes of one machine may share a root. Must
/// not know: S3, files' contents.
package io.weft.storage.object.local;
