/// What may be asked of the control plane, cut by caller.
///
/// `Sequencer` (produce) · `ExtentIndex` and `CommitFeed` (fetch) · `TopicCatalog` (metadata,
/// admin) · `Producers` · `FileLedger` (file ids) · `Membership` (agents) · `Groups` ·
/// `ShareGroups` · `admin` (settings, quotas, credentials, the quorum) · `transaction`. An agent
/// gets each of them from `ControlPlane.as`, in the same way in one process and over gRPC. Each
/// method is a question, declared as `question` says: limits and kinds stand at the values, and
/// their bytes follow.
///
/// Invariants: every answer, of a read too, rests on durable entries only and is never older than
/// the call; whatever a correct caller can cause is an answer, not an exception; a call that ends
/// in `ControlPlaneException.Unavailable` may or may not have happened and is safe to repeat as it
/// is, except for `Groups`: only the client may repeat what it asked there. Must not know: Kafka's
/// error codes, the journal, sockets.
package io.weft.controlplane.api;
