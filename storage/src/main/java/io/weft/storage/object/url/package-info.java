/// Stores by their URLs: the one place that knows every form of store.
///
/// `ObjectStoreUrl.parse → open → MemoryObjectStore | LocalObjectStore | S3ObjectStore`, within a
/// `LatencyObjectStore` if the URL asks for one.
///
/// Invariants: a URL that makes no sense is refused before anything is opened, with a sentence that
/// says how to correct it. Stands above `object`, `local` and `s3`; must not know: files' contents,
/// retries, metrics.
package io.weft.storage.object.url;
