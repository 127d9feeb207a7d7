/// The `weft` command line.
///
/// `WeftCommand → Subcommand → Settings → process`; a [CommandGroup] of a module above adds more.
///
/// Invariants: every command answers `--help`; a user's mistake ends with exit code 2 and one
/// sentence, a failure of the outside with 1, and never with a stack trace. Must not know: how
/// processes are put together.
package io.weft.server.command;
