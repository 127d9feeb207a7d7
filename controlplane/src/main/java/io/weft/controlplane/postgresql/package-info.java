/// The control plane's journal and snapshots in a PostgreSQL database.
///
/// `JournalUrl → PostgresUrl → PostgresStore → Statements → Pool → Schema`, and `Durability` for
/// what the database promises.
///
/// Invariants: of any number of writers of a name one is told `CREATED`, by the primary key; a
/// write whose answer was lost is asked for by its nonce, with a write, so that the answer is as
/// durable as the row; every statement has a time limit; no message holds a password. Must not
/// know: what an entry or a snapshot says, who leads.
package io.weft.controlplane.postgresql;
