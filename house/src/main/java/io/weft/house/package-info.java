/// The rules of the house, and the test that holds them: what may use what, what is banned where,
/// how large things may grow, how they may be called, how comments are worded, and that the maps
/// show what is there.
///
/// `House → CompiledClass…, SourceUnit… → Arrows, Circles, Bans, Sizes, Contracts, Names, Words,
/// Maps, LogCalls → Violation…`
///
/// Invariants: each rule is a table or a named limit, so that changing a rule is changing data;
/// each rule has a test with a planted violation, so that it is known to fail. Must not know: what
/// any class does.
package io.weft.house;
