/// What clients saw of a cluster, and whether a correct cluster could have shown it.
///
/// Must not know: agents, control planes, stores, Kafka's classes. A history is values.
package io.weft.history;
