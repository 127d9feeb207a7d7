/// What of the catalog changed when, so that whoever has an older version is told the difference.
///
/// `CatalogChanges.after → TopicCatalog.Page`. It is made of what this process has replayed and is
/// in no snapshot: one who is older than what it remembers reads all topics again, in the order of
/// their names. Must not know: records, logs, how topics are decided.
package io.weft.controlplane.state.catalog;
