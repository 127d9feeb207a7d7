/// Object stores: whole objects written once, read by range, listed by key.
///
/// `ObjectStore` is the contract; `MemoryObjectStore` and the rooms `local` and `s3` are its forms;
/// `RetryingObjectStore`, `MeasuringObjectStore` and `LatencyObjectStore` wrap any of them.
/// `url.ObjectStoreUrl` opens one from text.
///
/// Invariants: retries live in `RetryingObjectStore` alone; the only conditional write is "if
/// absent" (no store's compare-and-swap is trusted); vendor SDKs are seen in `s3` alone. Must not
/// know: files, batches, the control plane.
package io.weft.storage.object;
