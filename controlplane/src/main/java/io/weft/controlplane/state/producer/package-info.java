/// The producer ids that were given out.
///
/// `Producers → IssuedProducerIds → ProducerIdsLeased → IssuedProducerIds.replay`
///
/// Invariants: an id is given once; all below the next one have been given. Must not know: what a
/// producer does with its id.
package io.weft.controlplane.state.producer;
