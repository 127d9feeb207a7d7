/// Memory that several rooms of an agent hold at once, counted in one place.
///
/// `ByteBudget.acquire → Share (retain, correct) → release`. The network takes shares for frames
/// and answers, the produce path retains a request's until its file is settled.
///
/// Invariants: what is held of a part is held of its whole too; waiters are served in turn; a share
/// is given back once. Must not know: what the bytes are.
package io.weft.agent.memory;
