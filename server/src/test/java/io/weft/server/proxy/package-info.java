/// A network between two processes that does what networks do.
///
/// `FaultyProxy → ProxiedConnection → Pipe (one a direction) → Weather`
///
/// Invariants: the bytes of a direction keep their order; what is cut or flipped follows from one
/// seed, as far as connections come in one order.
package io.weft.server.proxy;
