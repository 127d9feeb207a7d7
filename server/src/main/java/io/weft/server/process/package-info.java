/// Puts the parts together into processes, and takes them apart again in reverse.
///
/// `DevProcess`, `ControlPlaneProcess`, `AgentProcess` `→ Agent` (everything an agent is made of).
/// On their way to being ready: `Stores → FirstAnswer` (the store has answered), `ControlPlaneWait`
/// (so has the control plane), `Listening` (the address is bound).
///
/// Invariants: this is the only place that constructs components; what was opened is closed in
/// reverse order, so that answers drain before files, files before the control plane. Must not
/// know: how anything works.
package io.weft.server.process;
