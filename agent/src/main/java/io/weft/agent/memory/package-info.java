/// Memory that several rooms of an agent hold at once, counted in one place.
///
/// `ByteBudget.acquire → Share (retain, correct) → release`. The network takes shares for frames
/// and answers, the produce path retains a request's until its file is settled. `PagePool.allocate
/// → Pages (fill, lease) → release`: memory outside the heap, for the cache; a reader has a `Lease`
/// of what it looks at. `BlockPool.take → Block → Share.carry`: memory outside the heap in one
/// piece, for requests; it is given back with the request's share.
///
/// Invariants: what is held of a part is held of its whole too; waiters are served in turn; a share
/// and a lease are given back once; a page is used again only when nothing holds it. Must not know:
/// what the bytes are.
package io.weft.agent.memory;
