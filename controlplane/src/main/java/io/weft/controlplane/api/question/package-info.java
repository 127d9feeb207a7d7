/// How a question to the control plane is declared: at the method that asks it.
///
/// A method with [Question][io.weft.controlplane.api.question.Question] is a whole question: its
/// arguments and its reply have bytes by their types, and an implementation of the interface
/// answers it, in process or over a network.
///
/// Must not know: any question.
package io.weft.controlplane.api.question;
