package io.weft.agent.produce;

import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FilePlace;

/// Learns of files while their bytes are still in memory. Called from many threads at once.
public interface FileListener {
  /// For an agent that keeps nothing.
  FileListener NONE = (place, file) -> {};

  /// A file is durable and about to be committed; it may yet be refused.
  ///
  /// Its bytes are slices of request frames, whose memory is used again once the file is settled: a
  /// listener that wants them for longer copies them before it returns. Must not block for long,
  /// since the file's commit waits.
  void onUploaded(FilePlace place, ComposedFile file);
}
