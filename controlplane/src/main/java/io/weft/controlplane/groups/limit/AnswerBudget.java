package io.weft.controlplane.groups.limit;

import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/// How much of an answer may still be built: its parts are measured one by one, so that never more
/// is held than the answer may have and one part. Owned by one thread.
public final class AnswerBudget {
  private final short version;
  private long leftBytes;

  /// @param version in which the answer is written
  public AnswerBudget(short version) {
    this(version, GroupLimits.RESPONSE_PARTS_BYTES_MAX);
  }

  public AnswerBudget(short version, long bytesMax) {
    this.version = version;
    this.leftBytes = bytesMax;
  }

  /// Makes a part, or refuses it if it does not fit or if nothing more does; a refusal is short.
  /// One that cannot be said, since it repeats what is too long for a field, is refused too.
  public <M extends Message> M part(Supplier<M> make, Supplier<M> refuse) {
    if (leftBytes > 0) {
      M made = make.get();
      OptionalLong bytes = size(made);
      leftBytes -= bytes.orElse(0);
      if (bytes.isPresent() && leftBytes >= 0) {
        return made;
      }
    }
    return refuse.get();
  }

  private OptionalLong size(Message part) {
    try {
      return OptionalLong.of(part.size(new ObjectSerializationCache(), version));
    } catch (RuntimeException tooLong) {
      return OptionalLong.empty();
    }
  }
}
