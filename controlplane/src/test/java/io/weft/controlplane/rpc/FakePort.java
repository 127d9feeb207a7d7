package io.weft.controlplane.rpc;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.command.Asked;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandPort;
import io.weft.environment.Pending;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Replies to the commands it was told of; whatever else it is to do is a hook. Thread-safe.
final class FakePort implements CommandPort {
  final AtomicInteger asked = new AtomicInteger();
  final List<Integer> askerLevels = new CopyOnWriteArrayList<>();
  final Pending<Boolean> interrupted = new Pending<>();
  final Pending<Boolean> reached = new Pending<>();
  final FakeFeed feed = new FakeFeed();
  private final Map<String, Asked<?>> replies = new ConcurrentHashMap<>();
  private volatile Runnable before = () -> {};

  <R> FakePort reply(Command<R> command, R reply) {
    return reply(new Asked<>(command, reply));
  }

  FakePort reply(Asked<?> sample) {
    replies.put(HexFormat.of().formatHex(sample.commandBytes(Levels.KNOWN)), sample);
    return this;
  }

  FakePort before(Runnable hook) {
    before = hook;
    return this;
  }

  /// What every command gets from now on, as from a control plane that does not lead.
  FakePort notLeading() {
    return before(
        () -> {
          throw new ControlPlaneException.Unavailable("not leading", null);
        });
  }

  /// Never answers; says so once it is interrupted.
  FakePort hanging() {
    return before(
        () -> {
          try {
            new Pending<Boolean>().await();
          } catch (InterruptedException e) {
            interrupted.complete(true);
            throw new ControlPlaneException.Unavailable("interrupted", e);
          }
        });
  }

  @Override
  public <R> R ask(Command<R> command) {
    asked.incrementAndGet();
    askerLevels.add(command.askerLevel());
    reached.complete(true);
    before.run();
    Asked<?> sample =
        replies.get(
            HexFormat.of().formatHex(new Asked<>(command, null).commandBytes(Levels.KNOWN)));
    if (sample == null) {
      throw new ControlPlaneException.Rejected("nobody told me of " + command);
    }
    return new Asked<>(command, null).readReply(sample.replyBytes(Levels.KNOWN));
  }

  @Override
  public CommitFeed feed() {
    return feed;
  }

  @Override
  public void close() {}
}
