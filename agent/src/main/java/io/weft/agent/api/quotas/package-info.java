/// Sets and shows client quotas. Nothing enforces them yet.
///
/// `AlterClientQuotasHandler → QuotaRules → ClientQuotas`; `DescribeClientQuotasHandler →
/// QuotaFilter`.
///
/// Invariants: keys, types and combinations of entities are Kafka's. Must not know: which clients
/// are slowed down.
package io.weft.agent.api.quotas;
