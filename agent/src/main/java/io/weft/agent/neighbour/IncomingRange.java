package io.weft.agent.neighbour;

import io.weft.agent.cache.Chunk;
import io.weft.agent.cache.SharedFile;
import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.file.CorruptFileException;
import io.weft.storage.file.FileFooter;
import io.weft.storage.file.FilePlace;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A range that comes from a neighbour, piece by piece. Owned by one thread.
final class IncomingRange {
  private final String clusterId;
  private final FilePlace place;
  private final RangeAsked range;
  private final ByteBuffer bytes;
  private Optional<SharedFile> file;

  /// Whether the neighbour has said which file it sends bytes of.
  private boolean named;

  /// @param file what is known of it; empty if the neighbour is to say
  IncomingRange(String clusterId, FilePlace place, RangeAsked range, Optional<SharedFile> file) {
    this.clusterId = clusterId;
    this.place = place;
    this.range = range;
    this.bytes = ByteBuffer.allocate(range.length());
    this.file = file;
  }

  /// @throws GarbledMessageException also if it says that it is another file
  void take(NeighbourMessage.Footer footer) throws GarbledMessageException {
    if (file.isPresent()) {
      throw new GarbledMessageException("a footer that was not asked for");
    }
    SharedFile described;
    try {
      described = SharedFile.of(clusterId, place, FileFooter.of(footer.bytes()));
    } catch (CorruptFileException damaged) {
      throw new GarbledMessageException(damaged.getMessage());
    }
    if (!described.isTheOneAskedFor()) {
      throw new GarbledMessageException("a footer that is not of " + place);
    }
    file = Optional.of(described);
    named = true;
  }

  /// @throws GarbledMessageException if it is another file, or another version of what it says
  void take(NeighbourMessage.Known known) throws GarbledMessageException {
    if (file.isEmpty() || file.get().crc() != known.crc()) {
      throw new GarbledMessageException("bytes of another file than " + place);
    }
    named = true;
  }

  void take(NeighbourMessage.Piece piece) throws GarbledMessageException {
    if (!named
        || piece.position() != range.position() + bytes.position()
        || piece.bytes().remaining() > bytes.remaining()) {
      throw new GarbledMessageException(
          "%d bytes from byte %d on, asked was for %d bytes from byte %d on"
              .formatted(
                  piece.bytes().remaining(), piece.position(), range.length(), range.position()));
    }
    bytes.put(piece.bytes());
    if (isWhole()) {
      Optional<String> flaw = file().flawOf(range.position(), bytes.duplicate().flip());
      if (flaw.isPresent()) {
        throw new GarbledMessageException(flaw.get());
      }
    }
  }

  boolean isWhole() {
    return !bytes.hasRemaining();
  }

  /// To be asked for once it is whole.
  SharedFile file() {
    return file.orElseThrow();
  }

  /// The range as a piece of its file, once it is whole.
  Chunk chunk() {
    return file().piece(range.position(), GatheredBytes.of(bytes.duplicate().flip()));
  }
}
