/// Settings of topics, groups, client metrics subscriptions and agents.
///
/// `DescribeConfigsHandler → TopicConfigs, DescribedResources`; `IncrementalAlterConfigsHandler,
/// AlterConfigsHandler → RequestedChange → ConfigChanges → SettingsHome → TopicCatalog,
/// ResourceSettings`.
///
/// Invariants: what a setting means, its default and its limits are Kafka's own (LogConfig,
/// GroupConfig, …); a change is judged and written against one version of the resource's settings.
/// Must not know: what any setting does.
package io.weft.agent.api.configs;
