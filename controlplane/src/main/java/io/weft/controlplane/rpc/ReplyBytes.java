package io.weft.controlplane.rpc;

import io.grpc.Context;
import io.weft.controlplane.api.ControlPlaneException.Unavailable;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the bytes of replies that were given to the network and that peers have not taken yet: a
/// slow peer must not fill the memory. Thread-safe.
final class ReplyBytes {
  private static final long LARGEST_REPLIES_MAX = 8;
  private static final long HEAP_SHARE = 8;

  private final long max;
  private final AtomicLong onTheirWay = new AtomicLong();

  ReplyBytes(long max) {
    this.max = max;
  }

  /// How many bytes may be on their way: eight replies of the largest size, or an eighth of the
  /// heap if that is less; a single reply at least, in whose place shorter ones may be.
  static long max(int replyBytesMax, long heapBytes) {
    return Math.clamp(heapBytes / HEAP_SHARE, replyBytesMax, LARGEST_REPLIES_MAX * replyBytesMax);
  }

  /// Takes room for a reply until its call is closed; one alone always has room.
  ///
  /// @throws Unavailable if too many are on their way
  void send(int bytes, Context call) {
    long all = onTheirWay.addAndGet(bytes);
    if (all > max && all > bytes) {
      onTheirWay.addAndGet(-bytes);
      throw new Unavailable("replies of %d bytes wait to be sent".formatted(all - bytes), null);
    }
    // A call's context ends with the call: when its peer has everything, or is gone.
    call.addListener(_ -> onTheirWay.addAndGet(-bytes), Runnable::run);
  }

  long onTheirWay() {
    return onTheirWay.get();
  }
}
