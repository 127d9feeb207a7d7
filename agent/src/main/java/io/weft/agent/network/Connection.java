package io.weft.agent.network;

import io.weft.agent.memory.ByteBudget;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.environment.Tasks;
import io.weft.protocol.frame.FrameParser;
import io.weft.protocol.frame.RequestFrame;
import io.weft.protocol.frame.ResponseFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.requests.AbstractResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection: a reader thread that hands requests over and a writer thread that sends
/// their answers, in order. They begin and end together.
///
/// ```
/// reader: FrameReader → FrameParser → reserve a place → RequestHandler → encode → AnswerQueue
/// writer: AnswerQueue → (wait for what comes later, encode it) → SocketSink
/// ```
///
/// A fetch may wait for long. It is handled on a thread of its own, one at a time, while the reader
/// looks out for the peer's next bytes: their end ends the wait. Behind a next request, which it
/// does not read before the fetch is over, it sees no end.
///
/// A request's share of the byte budget, and the frame's memory with it, is released here exactly
/// once: after its answer, or when the connection dies. So is what its answer holds.
final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private final ClientConnection client;
  private final SocketChannel channel;
  private final Tasks tasks;
  private final FrameParser parser;
  private final RequestHandler handler;
  private final Admission admission;
  private final Progress progress;
  private final AnswerQueue answers;
  private final FrameReader frames;
  private final ByteBudget recordAnswers;
  private final ByteBudget otherAnswers;
  private final AtomicInteger threadsRunning = new AtomicInteger(2);
  private volatile boolean draining;
  private volatile Thread writer;

  /// Whether the reader may go on after the request handled beside it. Owned by the reader.
  private Pending<Boolean> beside = Pending.completed(true);

  /// What is owed to the request being handled.
  private volatile OwedAnswer handling = OwedAnswer.uncounted();

  private volatile boolean aborted;

  /// @param admission of all connections of the listener
  Connection(
      ClientConnection client,
      SocketChannel channel,
      Environment environment,
      FrameParser parser,
      RequestHandler handler,
      Admission admission,
      NetworkSettings settings) {
    this.client = client;
    this.channel = channel;
    this.tasks = environment.tasks();
    this.parser = parser;
    this.handler = handler;
    this.admission = admission;
    this.progress = new Progress(environment.clock(), settings);
    this.answers = new AnswerQueue(settings.answersQueuedMax());
    this.recordAnswers = admission.recordAnswers().part(settings.connectionAnswerBytesMax());
    this.otherAnswers = admission.otherAnswers().part(settings.connectionAnswerBytesMax());
    this.frames =
        new FrameReader(
            channel,
            admission.requests().part(settings.connectionBytesMax()),
            admission,
            progress,
            settings.frameBytesMax());
  }

  ClientConnection client() {
    return client;
  }

  /// @param ended called once, when all its threads have ended
  void start(Runnable ended) {
    String name = "connection-" + client.id();
    writer = tasks.start(name + "-writer", () -> endingWith(ended, this::write));
    tasks.start(name + "-reader", () -> endingWith(ended, () -> read(ended)));
  }

  /// Handles no more requests; closes when all answers are sent and the peer has closed too.
  void drain() {
    draining = true;
    answers.finish();
  }

  /// Closes at once. What is owed will not be sent.
  void abort() {
    aborted = true;
    handling.abandon();
    answers.close().forEach(owed -> settle(owed.request()));
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("connection {} did not close well: {}", client.id(), e.toString());
    }
    Thread running = writer;
    if (running != null) {
      running.interrupt();
    }
  }

  /// Closes the connection if it has made no progress for too long.
  void sweep() {
    Optional<String> reason =
        progress.overdue(
            answers.isOwing(),
            admission.answersAreAwaited(),
            recordAnswers.bytesHeld() + otherAnswers.bytesHeld());
    if (reason.isPresent()) {
      LOG.debug("connection {} closed: {}", client.id(), reason.get());
      abort();
    }
  }

  private static void settle(Request request) {
    request.bytes().release();
    request.owed().settle();
  }

  private void endingWith(Runnable ended, Runnable loop) {
    try {
      loop.run();
    } finally {
      if (threadsRunning.decrementAndGet() == 0) {
        abort();
        ended.run();
      }
    }
  }

  private void read(Runnable ended) {
    boolean graceful = false;
    try {
      graceful = readAll(ended);
    } catch (IOException e) {
      LOG.debug("connection {} lost: {}", client.id(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      answers.finish();
      if (!graceful) {
        abort();
      }
    }
  }

  /// @return true if what is owed should still be sent
  private boolean readAll(Runnable ended) throws IOException, InterruptedException {
    while (frames.awaitNext()) {
      if (!beside.await()) {
        return true;
      }
      switch (frames.next()) {
        case FrameReader.Read.End() -> {
          return false;
        }
        case FrameReader.Read.Refused(String reason) -> {
          LOG.debug("connection {} closed: {}", client.id(), reason);
          return true;
        }
        case FrameReader.Read.Frame(ByteBuffer bytes, ByteBudget.Share share) -> {
          boolean goOn = false;
          if (draining) {
            // Read on, so that unread bytes do not reset the connection under its last answers.
            share.release();
            goOn = true;
          } else {
            goOn = answered(bytes, share, ended) || draining;
          }
          if (!goOn) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// @return false if no more may be read of this connection
  private boolean answered(ByteBuffer bytes, ByteBudget.Share share, Runnable ended)
      throws InterruptedException {
    return switch (parser.parse(bytes)) {
      case RequestFrame.Refused(String reason) -> {
        share.release();
        LOG.debug("connection {} closed: {}", client.id(), reason);
        yield false;
      }
      case RequestFrame.Understood(var header, var body) -> {
        boolean isRecords = AnswerQueue.areRecords(header.apiKey());
        OwedAnswer owed = new OwedAnswer(isRecords ? recordAnswers : otherAnswers, answers);
        yield answered(new Request(header, body, client, share, owed), isRecords, ended);
      }
    };
  }

  private boolean answered(Request request, boolean isBeside, Runnable ended)
      throws InterruptedException {
    boolean reserved = false;
    try {
      reserved = answers.reserve();
    } finally {
      if (!reserved) {
        settle(request);
      }
    }
    if (!reserved || !isBeside) {
      return reserved && handled(request);
    }
    Pending<Boolean> end = new Pending<>();
    beside = end;
    threadsRunning.incrementAndGet();
    tasks.start(
        "connection-" + client.id() + "-fetch",
        () -> endingWith(ended, () -> handleBeside(request, end)));
    return true;
  }

  private void handleBeside(Request request, Pending<Boolean> end) {
    boolean goOn = false;
    try {
      goOn = handled(request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end.complete(goOn);
    }
  }

  /// Handles a request that has a place in the queue.
  ///
  /// @return false if no more may be read of this connection
  private boolean handled(Request request) throws InterruptedException {
    handling = request.owed();
    if (aborted) {
      request.owed().abandon();
    }
    boolean placed = false;
    boolean handed = false;
    try {
      Outgoing outgoing = outgoing(request);
      placed = true;
      handed = answers.put(new AnswerQueue.Owed(request, outgoing));
      return handed && !(outgoing instanceof Outgoing.End);
    } finally {
      if (!placed) {
        answers.unreserve();
      }
      if (!handed) {
        settle(request);
      }
    }
  }

  private Outgoing outgoing(Request request) throws InterruptedException {
    try {
      return switch (handler.handle(request)) {
        case Answer.Ready(var response) -> encoded(request, response);
        case Answer.Later(var deferred) -> new Outgoing.Deferred(deferred);
        case Answer.None() -> new Outgoing.Nothing();
        case Answer.Close(String reason) -> new Outgoing.End(reason);
      };
    } catch (RuntimeException e) {
      LOG.error("request {} failed, connection {} closed", request.header(), client.id(), e);
      return new Outgoing.End("internal error");
    }
  }

  private static Outgoing encoded(Request request, AbstractResponse response)
      throws InterruptedException {
    Send send = ResponseFrame.of(request.header(), request.body(), response);
    request.owed().encoded(send.size());
    return new Outgoing.Encoded(send);
  }

  private void write() {
    boolean drained = false;
    SocketSink sink = new SocketSink(channel, progress);
    try {
      drained = writeAll(sink) && draining;
      channel.shutdownOutput();
    } catch (IOException e) {
      LOG.debug("connection {} lost: {}", client.id(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("an answer failed, connection {} closed", client.id(), e);
    } finally {
      // A drained one is closed by its peer, which is the reader's to see.
      if (!drained) {
        abort();
      }
    }
  }

  /// @return false if the last answer was to close
  private boolean writeAll(SocketSink sink) throws IOException, InterruptedException {
    boolean open = true;
    while (open) {
      Optional<AnswerQueue.Owed> ready = answers.poll();
      if (ready.isEmpty()) {
        sink.flush();
        ready = answers.take();
      }
      if (ready.isEmpty()) {
        break;
      }
      try {
        open = written(ready.get(), sink);
        progress.answerTaken(ready.get().request().owed().bytesHeld());
      } finally {
        answers.settle();
        settle(ready.get().request());
      }
    }
    sink.flush();
    return open;
  }

  private boolean written(AnswerQueue.Owed owed, SocketSink sink)
      throws IOException, InterruptedException {
    return switch (owed.outgoing()) {
      case Outgoing.Encoded(Send send) -> sent(send, sink);
      case Outgoing.Nothing() -> true;
      case Outgoing.Deferred(DeferredAnswer deferred) -> {
        if (!deferred.isDone()) {
          sink.flush();
        }
        Outgoing come = come(owed.request(), deferred);
        answers.come();
        yield written(new AnswerQueue.Owed(owed.request(), come), sink);
      }
      case Outgoing.End(String reason) -> {
        LOG.debug("connection {} closed: {}", client.id(), reason);
        yield false;
      }
    };
  }

  private static Outgoing come(Request request, DeferredAnswer deferred)
      throws InterruptedException {
    Answer answer = deferred.await();
    while (answer instanceof Answer.Later(var next)) {
      answer = next.await();
    }
    return switch (answer) {
      case Answer.Ready(var response) -> {
        Send send = ResponseFrame.of(request.header(), request.body(), response);
        request.owed().encodedInTurn(send.size());
        yield new Outgoing.Encoded(send);
      }
      case Answer.Later later -> throw new IllegalStateException("not yet an answer: " + later);
      case Answer.None() -> new Outgoing.Nothing();
      case Answer.Close(String reason) -> new Outgoing.End(reason);
    };
  }

  private static boolean sent(Send send, SocketSink sink) throws IOException {
    while (!send.completed()) {
      send.writeTo(sink);
    }
    return true;
  }
}
