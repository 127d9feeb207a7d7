package io.weft.agent.produce;

import io.weft.agent.files.FileIds.LeasedId;
import io.weft.controlplane.api.UploadedFile;

/// A file between its id and its outcome. Guarded by the commit queue's lock, except for what never
/// changes.
///
/// ```
/// UPLOADING ──put──→ UPLOADED ──answer──→ (settled)
///     │                  └──gave up──→ (settled)
///     ├──put failed──→ (settled)
///     └──gave up──→ ABANDONED ──put ended──→ (bytes released)
/// ```
final class FileInFlight {
  enum State {
    UPLOADING,
    UPLOADED,
    ABANDONED
  }

  private final LeasedId id;
  private final ClosedFile file;
  private State state = State.UPLOADING;
  private long objectBytes;

  FileInFlight(LeasedId id, ClosedFile file) {
    this.id = id;
    this.file = file;
  }

  LeasedId id() {
    return id;
  }

  ClosedFile file() {
    return file;
  }

  State state() {
    return state;
  }

  void uploaded(long length) {
    state = State.UPLOADED;
    objectBytes = length;
  }

  void abandon() {
    state = State.ABANDONED;
  }

  UploadedFile toUploadedFile(int firstPosition) {
    return new UploadedFile(id.id(), objectBytes, firstPosition, file.toUploadedBatches());
  }
}
