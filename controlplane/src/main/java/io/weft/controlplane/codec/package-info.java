/// Bytes for what the control plane writes down and sends: journal entries, snapshots, calls.
///
/// `WireWriter → bytes, or pages of bytes → WireReader`. Fixed-width big-endian numbers, var-ints
/// where numbers are small, length-prefixed strings and columns.
///
/// Invariants: no field has a silent default, reading past the end or leaving bytes over is an
/// error; nothing is allocated by an announced length that the bytes at hand cannot hold.
package io.weft.controlplane.codec;
