package io.weft.storage.bucket;

import io.weft.storage.file.Crc32c;
import io.weft.storage.file.FileOrigin;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The object that says which cluster's records a bucket holds; text, so that it can be read by a
/// person with whatever shows objects.
///
/// ```
/// Mark    => Version LF Cluster LF Crc LF
/// Version => "weft bucket 1"
/// Cluster => "cluster " Id                    Id as a file's ClusterId
/// Crc     => "crc32c " 8 of 0-9 a-f           CRC-32C of all bytes before this line
/// ```
final class BucketMark {
  /// Not under the prefix of files.
  static final ObjectKey KEY = new ObjectKey("owner");

  /// Longer than any mark; no more of the object is looked at.
  static final int BYTES_MAX = 256;

  private static final String VERSION = "weft bucket 1\n";
  private static final String CLUSTER = "cluster ";
  private static final String CRC = "crc32c ";

  private BucketMark() {}

  static ObjectBody of(String clusterId) {
    if (!FileOrigin.isClusterId(clusterId)) {
      throw new IllegalArgumentException("no cluster id: '%s'".formatted(clusterId));
    }
    return ObjectBody.of(bytes(clusterId));
  }

  /// The cluster it names, or empty if these bytes are no mark.
  static Optional<String> clusterId(byte[] mark) {
    String text = new String(mark, StandardCharsets.ISO_8859_1);
    int from = VERSION.length() + CLUSTER.length();
    int to = text.indexOf('\n', Math.min(from, text.length()));
    if (to < 0) {
      return Optional.empty();
    }
    String clusterId = text.substring(from, to);
    return FileOrigin.isClusterId(clusterId) && ByteBuffer.wrap(mark).equals(wrapped(clusterId))
        ? Optional.of(clusterId)
        : Optional.empty();
  }

  private static ByteBuffer wrapped(String clusterId) {
    return ByteBuffer.wrap(bytes(clusterId));
  }

  private static byte[] bytes(String clusterId) {
    String said = VERSION + CLUSTER + clusterId + "\n";
    int crc = Crc32c.of(ByteBuffer.wrap(said.getBytes(StandardCharsets.US_ASCII)));
    return "%s%s%08x\n".formatted(said, CRC, crc).getBytes(StandardCharsets.US_ASCII);
  }
}
