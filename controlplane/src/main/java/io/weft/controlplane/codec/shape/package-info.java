/// Bytes derived from the form of a value's type, so that nobody writes them by hand.
///
/// `type → Shapes → Shape → WireWriter, WireReader`. A record is its components in order, a list
/// its count and its items, a case of a sealed interface its
/// [Kind][io.weft.controlplane.codec.shape.Kind] and its components; the grammar stands at
/// [Shapes][io.weft.controlplane.codec.shape.Shapes]. Where another layout is worth its code, it is
/// a shape of its own.
///
/// Invariants: a type that has no bytes is found when its shape is asked for, which is when the
/// process starts; reading throws what the users of a shape turn into `MalformedBytesException`,
/// and allocates in proportion to the bytes at hand; what was written at one level is read at that
/// level for ever. Must not know: any message, record or snapshot.
package io.weft.controlplane.codec.shape;
