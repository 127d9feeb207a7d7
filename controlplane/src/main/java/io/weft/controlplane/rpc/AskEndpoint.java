package io.weft.controlplane.rpc;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.ControlPlaneException.Unavailable;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.admin.Releases.Greeting;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandCodec;
import io.weft.controlplane.command.CommandPort;
import io.weft.controlplane.command.QuestionType;
import io.weft.model.AgentId;
import io.weft.rpc.RpcStatus;
import java.util.List;
import java.util.concurrent.Semaphore;

/// Answers commands that come as bytes, each on its call's own virtual thread. Thread-safe.
///
/// When the caller's deadline passes, or it goes away, that thread is interrupted: nobody waits for
/// the reply any more.
final class AskEndpoint implements ServerCalls.UnaryMethod<byte[], byte[]> {
  private static final QuestionType<?> COMMIT =
      QuestionType.of(Sequencer.class, it -> it.commit(new AgentId(0), 0, List.of()));

  private static final QuestionType<?> GREET =
      QuestionType.of(Releases.class, it -> it.greet(new Greeting(Levels.RELEASE, Levels.KNOWN)));

  private final CommandPort port;
  private final int level;
  private final int replyBytesMax;
  private final Semaphore calls;

  private final ReplyBytes onTheirWay;

  /// Of those that may wait for others, and long: they must not take commits' places.
  private final Semaphore coordinations;

  /// @param level the highest that this side knows
  AskEndpoint(CommandPort port, RpcServerSettings settings, int level) {
    this.port = port;
    this.level = level;
    this.replyBytesMax = settings.messageBytesMax();
    this.onTheirWay =
        new ReplyBytes(
            ReplyBytes.max(settings.messageBytesMax(), Runtime.getRuntime().maxMemory()));
    this.calls = new Semaphore(settings.callsMax());
    this.coordinations = new Semaphore(settings.callsMax());
  }

  /// Bytes of replies that peers have not taken yet.
  long replyBytesOnTheirWay() {
    return onTheirWay.onTheirWay();
  }

  @Override
  public void invoke(byte[] request, StreamObserver<byte[]> replies) {
    if (!calls.tryAcquire()) {
      refuse(RpcStatus.unavailable("too many calls at once"), replies);
      return;
    }
    Place place = new Place();
    try {
      byte[] reply = answerUnlessCancelled(request, place);
      onTheirWay.send(reply.length, Context.current());
      replies.onNext(reply);
      replies.onCompleted();
    } catch (RuntimeException | Error e) {
      refuse(RpcFailure.statusOf(e), replies);
    } finally {
      place.held.release();
    }
  }

  /// What one call holds.
  private final class Place {
    private Semaphore held = calls;

    void waitWithOthers() {
      if (!coordinations.tryAcquire()) {
        throw new Unavailable("too many members wait at once", null);
      }
      held.release();
      held = coordinations;
    }
  }

  private byte[] answerUnlessCancelled(byte[] request, Place place) {
    Context call = Context.current();
    Thread thread = Thread.currentThread();
    Context.CancellationListener interruption = cancelled -> thread.interrupt();
    call.addListener(interruption, Runnable::run);
    try {
      WireReader in = new WireReader(request);
      int theirs = LevelHeader.current();
      Command<?> command = CommandCodec.readCommand(in, level).askedAt(theirs);
      in.finish();
      if (command.coordination().isPresent()) {
        place.waitWithOthers();
      }
      return answer(command, Levels.shared(level, theirs));
    } finally {
      call.removeListener(interruption);
    }
  }

  /// A greeting is of this process: the leader has no part in it.
  private <R> R reply(Command<R> command) {
    return command.question() == GREET
        ? command.question().reply(new Greeting(Levels.RELEASE, level))
        : port.ask(command);
  }

  private <R> byte[] answer(Command<R> command, int shared) {
    WireWriter out = new WireWriter();
    CommandCodec.writeReply(command, reply(command), shared, out);
    if (out.size() > replyBytesMax) {
      throw tooLong(command, out.size());
    }
    return out.toByteArray();
  }

  /// A read is refused: it asks for too much. What a commit did, it did: it must not be told that
  /// nothing happened.
  private RuntimeException tooLong(Command<?> command, int bytes) {
    String message = "a reply of %d bytes, at most %d are allowed".formatted(bytes, replyBytesMax);
    return command.question() == COMMIT ? new Unavailable(message, null) : new Rejected(message);
  }

  private static void refuse(Status status, StreamObserver<byte[]> replies) {
    replies.onError(status.asRuntimeException());
  }
}
