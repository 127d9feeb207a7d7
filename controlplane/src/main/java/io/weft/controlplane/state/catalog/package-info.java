/// Topics and agents as agents read them: all, or what changed since a version.
///
/// `TopicCatalog → CatalogDesk → Topics, PartitionLogs`; `DeletedTopics, CatalogDesk.delete →
/// TopicDeletion → Topics`; `CatalogDesk.page → CatalogChanges → Page`. What changed when is made
/// of what this process has replayed and is in no snapshot: a reader that is older than what it
/// remembers reads all topics again, in the order of their names.
///
/// Invariants: the version rises with every change of a topic or an agent, in every replica alike;
/// it is told after everything else that a record changes. Must not know: how topics are decided.
package io.weft.controlplane.state.catalog;
