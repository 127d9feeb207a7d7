/// What this program writes to its log: one line for one event, whatever text from outside it
/// holds.
///
/// Invariants: text from outside cannot begin a line, or move a terminal's cursor; nobody can
/// provoke lines at a pace of their choice; what libraries say comes the same way. Must not know:
/// what is being said.
package io.weft.server.log;
