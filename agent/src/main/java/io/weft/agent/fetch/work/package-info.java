/// How the work of fetches is laid on threads: one fetch's tasks next to each other, and what
/// several fetches need alike once for all of them.
///
/// `SideBySide.run`; `OnceForAll.get → Maker.make → Made` (`OnceSettings`, `OnceFigures`).
///
/// Invariants: no thread waits for a task that nobody carries out; what is kept is bounded in bytes
/// and in time. Must not know: what the work is.
package io.weft.agent.fetch.work;
