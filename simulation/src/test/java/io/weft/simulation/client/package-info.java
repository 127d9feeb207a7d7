/// What uses a simulated cluster, as Kafka's clients would, and takes down what it saw.
///
/// `Producer`, `Consumer`, `AckedReader → Caller → ClientLink`; all of them `→ Recorder` and
/// `Notes`.
///
/// Must not know: anything of the cluster but where to connect.
package io.weft.simulation.client;
