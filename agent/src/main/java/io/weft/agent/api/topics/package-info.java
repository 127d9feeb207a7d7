/// Topics: what clients learn of them, and how they and their records are made, grown and deleted.
///
/// `MetadataHandler, DescribeTopicPartitionsHandler → PartitionView`; `CreateTopicsHandler,
/// MetadataHandler (auto-creation) → TopicCreation → TopicCatalog`; `DeleteRecordsHandler →
/// TopicCatalog.deleteRecords`; `DescribeLogDirsHandler → ExtentIndex.sizes`.
///
/// Invariants: one answer rests on one version of the catalog; no topic is called unknown, and no
/// list of all topics given, without asking the control plane first. Must not know: records,
/// offsets, files.
package io.weft.agent.api.topics;
