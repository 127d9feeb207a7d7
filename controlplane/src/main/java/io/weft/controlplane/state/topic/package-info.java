/// The topics, their sizes and their settings.
///
/// `(catalog) → Topics.decide… → TopicRecord → Topics.replay`; a topic that is deleted and kept
/// stands in `RetiredTopics` until it is restored or let go, and its name is free.
///
/// Invariants: names, ids and Kafka's metric names are one topic's each; the limits hold for what
/// is replayed too, since it is allocated for. Must not know: logs, agents, what a setting means.
package io.weft.controlplane.state.topic;
