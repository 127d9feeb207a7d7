/// Addresses as an operator writes them.
///
/// `Addresses → HostPort`; `ClientListeners → ClientListener` (an agent's listeners, by name)
///
/// Invariants: what is wrong stops the start with one sentence that says what would be right. Must
/// not know: sockets, what an address is used for.
package io.weft.server.address;
