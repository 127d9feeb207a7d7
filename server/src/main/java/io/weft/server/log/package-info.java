/// What this program writes to its log: one line for one thing, whatever others put into it.
///
/// Invariants: text from outside cannot begin a line, or move a terminal's cursor; no line is
/// written at the pace of who provokes it; what libraries say comes the same way. Must not know:
/// what is being said.
package io.weft.server.log;
