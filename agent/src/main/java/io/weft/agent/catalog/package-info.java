/// This agent's copy of the cluster's topics, settings and agents.
///
/// `LiveCatalog → CatalogSnapshot`, kept up by `announce` (the commit feed) and by asking.
///
/// Invariants: a snapshot never changes; the version never goes back; a handler that is about to
/// say "unknown topic" or to list topics asks for `fresh()` first, since a copy may be old and an
/// answer may not. Must not know: connections, files, Kafka's messages.
package io.weft.agent.catalog;
