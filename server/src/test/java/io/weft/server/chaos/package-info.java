/// A cluster of real processes on one bucket that are killed and paused, with a bad store and bad
/// ways between them, while clients write and read; afterwards every record is accounted for.
///
/// `ChaosTest → Cluster (Links), Workload (Writer…, Reader…) → history, Nemesis → Checker;
/// LogCopy…`
///
/// Invariants: everything chance decides follows from one printed seed, as far as processes let it;
/// no run ends before every kind of deed was done; a real Apache Kafka passes the same workload and
/// checker.
package io.weft.server.chaos;
