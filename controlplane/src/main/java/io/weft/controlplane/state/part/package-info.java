/// What the parts of the state have in common: what a part is, what a record is, and the step that
/// decisions belong to.
///
/// `question → (the part that answers it) → CurrentStep.make(StateRecord) → StatePart.replay →
/// answer`
///
/// Invariants: only `replay` changes a part, and `replay` decides nothing; a record carries what
/// was decided, and the time where time matters; `ChangeListener` hears of a change after it was
/// made. Must not know: any part.
package io.weft.controlplane.state.part;
