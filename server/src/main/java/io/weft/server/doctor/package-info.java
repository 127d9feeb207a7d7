/// Whether a bucket holds what the metadata says, and nothing else: what `weft doctor` does.
///
/// `FollowedState → Metadata, LiveExtents`; `ObjectStore.listInAnyOrder → Doctor → FileExamination
/// → Findings → DoctorReport (DoctorJson)`; `Repair` deletes proved orphans.
///
/// Invariants: nothing is changed unless a repair was asked for; an object is an orphan only where
/// the journal proves it, never by its age; what looks wrong is compared with newer metadata before
/// it is called a fault, so that a cluster at work may be looked at; nothing rests on the order in
/// which a store lists, and no more of a listing than a page is kept. Must not know: the command
/// line, leaders, agents.
package io.weft.server.doctor;
