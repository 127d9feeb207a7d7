/// The settings of topics that Weft acts on, for the control plane and agents alike.
///
/// `TopicSetting` is the table: Kafka's names, types, defaults and bounds. `TopicSettings` is what
/// a topic has of them, parsed once for each version of its settings and kept beside the topic: in
/// the state, and in each agent's catalog.
///
/// Invariants: what the table says is what Kafka's own classes say, but for one default and one
/// bound. Must not know: Kafka's classes; settings that are only kept and shown.
package io.weft.controlplane.api.topic;
