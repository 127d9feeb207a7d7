/// What agents sign when they ask each other, and how that is checked.
///
/// `RequestSeal.seal … RequestSeal.open`
///
/// Invariants: a request is of use at the agent that it was made for only, and for minutes; nothing
/// of it is believed before its signature is found right, in the same time whether it nearly is or
/// not. Must not know: what is asked, how it travels, how an agent comes by its keys.
package io.weft.agent.neighbour.seal;
