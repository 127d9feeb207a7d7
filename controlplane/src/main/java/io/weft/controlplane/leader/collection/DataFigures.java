package io.weft.controlplane.leader.collection;

/// What a leader counts of stored data that is to go. Immutable.
///
/// @param overdueMs by how much the oldest records that the last walk met were past their retention
/// @param deadFiles files that wait to be deleted
/// @param deadFilesDeleted in this term, ids that were never used among them
/// @param deletedTopics topics that were deleted and can come back
public record DataFigures(
    long overdueMs, long deadFiles, long deadFilesDeleted, long deletedTopics) {
  public static final DataFigures NONE = new DataFigures(0, 0, 0, 0);
}
