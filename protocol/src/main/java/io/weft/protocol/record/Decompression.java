package io.weft.protocol.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/// Unfolds the records of a batch as a stream, in memory that does not depend on what the input
/// announces. Stateless.
///
/// It refuses what any reader could choke on: a checksum or a length that does not match, and bytes
/// after the end.
final class Decompression {
  private Decompression() {}

  /// @throws IOException, and unchecked exceptions, if the head is no good already: every codec has
  ///   its own way to say so
  static InputStream open(CompressionType codec, ByteBuffer records)
      throws IOException, MalformedRecordsException {
    return switch (codec) {
      case NONE -> throw new IllegalStateException("nothing to decompress");
      case GZIP -> new GzipMembers(records);
      case SNAPPY -> {
        SnappyBlocks.check(records);
        yield standard(codec, records);
      }
      case LZ4 -> Lz4Frame.of(records).checked(standard(codec, records));
      case ZSTD -> standard(codec, records);
    };
  }

  private static InputStream standard(CompressionType codec, ByteBuffer records) {
    return Compression.of(codec)
        .build()
        .wrapForInput(records, BatchHeader.MAGIC_V2, BufferSupplier.NO_CACHING);
  }
}
