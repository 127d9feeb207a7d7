package io.weft.controlplane.leader.quarantine;

import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandCodec;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A command by its kind and a hash of what it says: the same question has the same, whichever
/// client asks it. Immutable.
///
/// Bytes: kind:string, high and low (int64 each): the first 16 bytes of the SHA-256 of what the
/// command says: its bytes; of a request to the group coordinator only its version and body; of a
/// commit only its batches ([CommitSubstance]), which clients send again while agents put them into
/// another file.
///
/// @param kind for people, and so that most commands need not be hashed to be told apart
public record Suspect(String kind, long high, long low) {
  static final int KIND_CHARS_MAX = 100;

  private static final Logger LOG = LoggerFactory.getLogger(Suspect.class);

  public Suspect {
    if (kind.length() > KIND_CHARS_MAX) {
      throw new IllegalArgumentException("a kind of %d characters".formatted(kind.length()));
    }
  }

  /// @return empty if the command cannot even be written down
  public static Optional<Suspect> of(Command<?> command) {
    try {
      WireWriter out = new WireWriter();
      writeSubstance(command, out);
      ByteBuffer hash =
          ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(out.toByteArray()));
      return Optional.of(new Suspect(kind(command), hash.getLong(), hash.getLong()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      LOG.warn("A command cannot be written down, and so not be kept away: {}", e.toString());
      return Optional.empty();
    }
  }

  private static void writeSubstance(Command<?> command, WireWriter out) {
    Sequencer commits =
        (agent, settledBelow, files) -> {
          CommitSubstance.write(files, out);
          return List.of();
        };
    if (command.askOf(Sequencer.class, commits).isPresent()) {
      return;
    }
    if (command.coordination().isPresent()) {
      GroupRequest request = command.coordination().get();
      out.writeShort(request.version());
      out.writeBytes(request.body().array());
    } else {
      // Whatever a command may say is written, whichever level its asker knows.
      CommandCodec.writeCommand(command, Levels.KNOWN, out);
    }
  }

  /// As [#kind] of what [#of] gives.
  static String kind(Command<?> command) {
    String name = command.question().name();
    return command
        .coordination()
        .map(request -> "%s %d".formatted(name, request.apiKey()))
        .orElse(name);
  }

  public void write(WireWriter out) {
    out.writeString(kind);
    out.writeLong(high);
    out.writeLong(low);
  }

  public static Suspect read(WireReader in) {
    return new Suspect(in.readString(), in.readLong(), in.readLong());
  }

  @Override
  public String toString() {
    return "%s %016x%016x".formatted(kind, high, low);
  }
}
