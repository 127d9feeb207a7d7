/// A cluster of real processes on one bucket that are killed and paused while clients write and
/// read; afterwards every record is accounted for.
///
/// `ChaosTest → Cluster, Nemesis, Writer…, Reader… → LogCopy… → Audit`
///
/// Invariants: everything chance decides follows from one printed seed, as far as processes let it.
package io.weft.server.chaos;
