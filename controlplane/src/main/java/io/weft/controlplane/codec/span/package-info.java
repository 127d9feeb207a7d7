/// Bytes of what a log consists of: extents and markers in a row.
///
/// `List<Span> → SpansShape → bytes`, on the network; `List<Extent> → ExtentsShape` in records.
///
/// Invariants: no more spans are read than the bytes at hand can hold; an extent is never written
/// in a way that its reader would take for another. Must not know: messages, records, snapshots.
package io.weft.controlplane.codec.span;
