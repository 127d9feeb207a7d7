/// The control plane's journal and snapshots in a PostgreSQL database.
///
/// `JournalUrl → PostgresUrl → PostgresStore → Statements → Pool → Schema`, and `Durability` for
/// what the database promises.
///
/// Invariants: of any number of writers of a name one is told `CREATED`, by the primary key; a
/// write whose answer was lost is asked for by its nonce, with a write, so that the answer is as
/// durable as the row; a write that the database warns of is of unknown outcome; every statement
/// has a time limit; no message holds a password; an inspection changes nothing. Must not know:
/// what an entry or a snapshot says, who leads.
package io.weft.controlplane.postgresql;
