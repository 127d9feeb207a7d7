/// Transactions with Kafka's own clients against a running Weft.
package io.weft.server.transactions;
