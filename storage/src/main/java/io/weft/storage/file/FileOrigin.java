package io.weft.storage.file;

import java.nio.charset.StandardCharsets;

/// The cluster that a file belongs to and its id there, as the file itself says.
///
/// @param clusterId of the cluster that gave the file its id: 1 to [#CLUSTER_ID_CHARS_MAX] of `A-Z
///   a-z 0-9 . _ -`
/// @param fileId 0 or more
/// @param nonce drawn by the writer for this file alone: two writers under one id differ in it
public record FileOrigin(String clusterId, long fileId, long nonce) {
  /// As many bytes as the header has for it.
  public static final int CLUSTER_ID_CHARS_MAX = 36;

  public FileOrigin {
    if (!isClusterId(clusterId)) {
      throw new IllegalArgumentException("no cluster id: '%s'".formatted(clusterId));
    }
    if (fileId < 0) {
      throw new IllegalArgumentException("negative file id " + fileId);
    }
  }

  /// Whether a file, or a bucket's mark, can name this cluster.
  public static boolean isClusterId(String text) {
    return !text.isEmpty()
        && text.length() <= CLUSTER_ID_CHARS_MAX
        && text.chars().allMatch(FileOrigin::isAllowed);
  }

  byte[] clusterIdBytes() {
    return clusterId.getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean isAllowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }

  @Override
  public String toString() {
    return "file %d of cluster %s".formatted(fileId, clusterId);
  }
}
