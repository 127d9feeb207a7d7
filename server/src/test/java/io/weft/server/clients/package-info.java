/// Kafka's clients as the tests use them: no wait ends later than at a limit, and the failure says
/// what did not happen.
///
/// A [BoundedProducer] has limits of its own. Kafka's consumers and admins need no other ones: what
/// they ask for fails after `default.api.timeout.ms`, a minute, and their `close()` waits no
/// longer. A loop around them has a [Deadline].
package io.weft.server.clients;
