package io.weft.agent.removal;

import io.weft.controlplane.api.file.DeadFiles;

/// How an agent deletes files.
///
/// @param filesPerCallMax files that one call to the store deletes
/// @param idleMsMin the first pause when there is nothing more to delete; it doubles up to
///   `idleMsMax`
/// @param backoffMsMin the first pause after a failure
/// @param backoffMsMax the longest such pause
public record RemovalSettings(
    int filesPerCallMax, int idleMsMin, int idleMsMax, int backoffMsMin, int backoffMsMax) {
  public static final RemovalSettings STANDARD =
      new RemovalSettings(DeadFiles.FILES_PER_TAKE_MAX, 1_000, 30_000, 100, 60_000);

  public RemovalSettings {
    if (filesPerCallMax < 1
        || filesPerCallMax > DeadFiles.FILES_PER_TAKE_MAX
        || idleMsMin < 1
        || idleMsMax < idleMsMin
        || backoffMsMin < 1
        || backoffMsMax < backoffMsMin) {
      throw new IllegalArgumentException("impossible settings for deleting files");
    }
  }
}
