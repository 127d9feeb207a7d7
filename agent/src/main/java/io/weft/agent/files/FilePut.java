package io.weft.agent.files;

import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectStoreException;

/// One composed file and its way into the bucket: put where nothing is yet, and a second time if
/// that takes long and the budget allows it. Used once, by one thread.
public final class FilePut {
  private final FilePlace place;
  private final ComposedFile file;
  private final FileCreation creation;
  private final HedgedPut hedged;
  private final HedgedPut.Budget budget;
  private final int hedgeAfterMs;

  FilePut(
      FilePlace place,
      ComposedFile file,
      FileCreation creation,
      HedgedPut hedged,
      HedgedPut.Budget budget,
      int hedgeAfterMs) {
    this.place = place;
    this.file = file;
    this.creation = creation;
    this.hedged = hedged;
    this.budget = budget;
    this.hedgeAfterMs = hedgeAfterMs;
  }

  /// Where it goes.
  public FilePlace place() {
    return place;
  }

  public ComposedFile file() {
    return file;
  }

  /// Whether the file's bytes may still be read after [#put] has returned: until [#awaitEnd] has.
  public boolean mayBeReadBehindPut() {
    return hedgeAfterMs > 0;
  }

  /// Returns once the file is durable.
  ///
  /// @throws ObjectStoreException if it may not be, when no put is under way any more
  /// @throws FileTakenException likewise, if another's file is there under this id: it is left as
  ///   it is
  public void put() {
    budget.spend();
    if (hedgeAfterMs == 0) {
      creation.create();
    } else {
      hedged.put(hedgeAfterMs, budget);
    }
  }

  /// Waits until nobody reads the file's bytes any more.
  public void awaitEnd() {
    hedged.awaitEnd();
  }
}
