/// Settings of topics (to read and to change) and of this agent (to read).
///
/// `DescribeConfigs → TopicConfigs`; `IncrementalAlterConfigs, AlterConfigs → TopicConfigChange →
/// TopicCatalog`.
///
/// Invariants: what a setting means, its default and its limits are Kafka's own LogConfig's; a
/// change is judged and written against one version of the topic's settings. Must not know: what
/// any setting does.
package io.weft.agent.api.configs;
