package io.weft.controlplane.state.transaction;

import io.weft.controlplane.api.transaction.ProducerEpoch;

/// An open transaction, as a timer sees it: the same as before only if all of it is the same.
public record OpenTransaction(
    String transactionalId, ProducerEpoch producer, long startedMs, int timeoutMs) {}
