package io.weft.server.doctor;

import java.util.Locale;

/// What an object under the prefix of files is, or what is wrong there.
public enum ObjectKind {
  /// A log holds an extent of it, and it is as it should be.
  LIVE(false, "held by a log"),

  /// No log needs it any more, and it waits for its deletion.
  QUEUED(false, "no longer needed, waiting for deletion"),

  /// Its id is of a lease that has not ended: it may still be committed.
  YOUNG(false, "not committed yet, under a current lease of ids"),

  /// A log holds an extent of it, and there is no such object.
  MISSING(true, "held by a log and NOT THERE"),

  /// A log holds an extent of it, and the object is not what was written.
  DAMAGED(true, "held by a log and DAMAGED"),

  /// It is another cluster's file, or another file than its key says.
  FOREIGN(true, "of another cluster, or of another key"),

  /// The lease of its id has ended, and no log has it: no log ever can.
  ORPHAN(true, "in no log, and its lease of ids has ended"),

  /// As [#ORPHAN] by its key, but the object does not say that it is this cluster's.
  UNPROVED(true, "in no log, and the object does not say whose it is"),

  /// No log needs it any more, and nothing is going to delete it.
  UNQUEUED(true, "no longer needed, and not waiting for deletion"),

  /// The journal has never given its id to an agent.
  UNLEASED(true, "of an id that the journal has never given"),

  /// Its key is no file's.
  STRAY(true, "of a key that no file has");

  private final boolean isFault;
  private final String meaning;

  ObjectKind(boolean isFault, String meaning) {
    this.isFault = isFault;
    this.meaning = meaning;
  }

  public boolean isFault() {
    return isFault;
  }

  /// For a person.
  public String meaning() {
    return meaning;
  }

  /// As JSON has it; never changes.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
