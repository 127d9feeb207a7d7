package io.weft.agent.network;

import io.weft.protocol.frame.RequestFrame;
import io.weft.protocol.frame.ResponseFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.network.Send;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection: a reader thread that hands requests over and a writer thread that sends
/// their answers, in order. They begin and end together.
///
/// ```
/// reader: FrameReader → FrameParser → reserve a place → RequestHandler → AnswerQueue
/// writer: AnswerQueue → (wait for what comes later) → SocketSink
/// ```
///
/// A request's share of the byte budget is released here exactly once: after its answer, or when
/// the connection dies.
final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private final ClientConnection client;
  private final SocketChannel channel;
  private final Serving serving;
  private final Progress progress;
  private final AnswerQueue answers;
  private final FrameReader frames;
  private final AtomicInteger threadsRunning = new AtomicInteger(2);
  private volatile boolean draining;
  private volatile Thread writer;

  Connection(ClientConnection client, SocketChannel channel, Serving serving) {
    this.client = client;
    this.channel = channel;
    this.serving = serving;
    NetworkSettings settings = serving.settings();
    this.progress = new Progress(serving.environment().clock(), settings);
    this.answers = new AnswerQueue(settings.answersQueuedMax());
    this.frames =
        new FrameReader(
            channel,
            serving.admission().requests().part(settings.connectionBytesMax()),
            serving.admission(),
            progress,
            settings.frameBytesMax());
  }

  ClientConnection client() {
    return client;
  }

  /// @param ended called once, when both threads have ended
  void start(Runnable ended) {
    String name = "connection-" + client.id();
    writer =
        serving.environment().tasks().start(name + "-writer", () -> endingWith(ended, this::write));
    serving.environment().tasks().start(name + "-reader", () -> endingWith(ended, this::read));
  }

  /// Handles no more requests; closes when all answers are sent and the peer has closed too.
  void drain() {
    draining = true;
    answers.finish();
  }

  /// Closes at once. What is owed will not be sent.
  void abort() {
    for (AnswerQueue.Owed owed : answers.close()) {
      owed.request().bytes().release();
    }
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
    Optional<String> reason = progress.overdue(answers.isOwing());
    if (reason.isPresent()) {
      LOG.debug("connection {} closed: {}", client.id(), reason.get());
      abort();
    }
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

  private void read() {
    boolean graceful = false;
    try {
      graceful = readAll();
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
  private boolean readAll() throws IOException, InterruptedException {
    while (true) {
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
            goOn = answered(bytes, share) || draining;
          }
          if (!goOn) {
            return true;
          }
        }
      }
    }
  }

  /// @return false if no more may be read of this connection
  private boolean answered(ByteBuffer bytes, ByteBudget.Share share) throws InterruptedException {
    return switch (serving.parser().parse(bytes)) {
      case RequestFrame.Refused(String reason) -> {
        share.release();
        LOG.debug("connection {} closed: {}", client.id(), reason);
        yield false;
      }
      case RequestFrame.Understood(var header, var body) ->
          answered(new Request(header, body, client, share));
    };
  }

  private boolean answered(Request request) throws InterruptedException {
    boolean handed = false;
    try {
      if (!answers.reserve()) {
        return false;
      }
      Answer answer = handled(request);
      handed = answers.put(new AnswerQueue.Owed(request, answer));
      return handed && !(answer instanceof Answer.Close);
    } finally {
      if (!handed) {
        request.bytes().release();
      }
    }
  }

  private Answer handled(Request request) throws InterruptedException {
    boolean done = false;
    try {
      Answer answer = serving.handler().handle(request);
      done = true;
      return answer;
    } catch (RuntimeException e) {
      LOG.error("request {} failed, connection {} closed", request.header(), client.id(), e);
      done = true;
      return new Answer.Close("internal error");
    } finally {
      if (!done) {
        answers.unreserve();
      }
    }
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
      } finally {
        answers.settle();
        ready.get().request().bytes().release();
      }
    }
    sink.flush();
    return open;
  }

  private boolean written(AnswerQueue.Owed owed, SocketSink sink)
      throws IOException, InterruptedException {
    Answer answer = owed.answer();
    while (answer instanceof Answer.Later(var coming)) {
      if (!coming.isDone()) {
        sink.flush();
      }
      answer = coming.await();
    }
    switch (answer) {
      case Answer.Ready(var response) -> {
        Request request = owed.request();
        Send send = ResponseFrame.of(request.header(), request.body(), response);
        while (!send.completed()) {
          send.writeTo(sink);
        }
      }
      case Answer.None() -> {}
      case Answer.Later later -> throw new IllegalStateException("not yet an answer: " + later);
      case Answer.Close(String reason) -> {
        LOG.debug("connection {} closed: {}", client.id(), reason);
        return false;
      }
    }
    return true;
  }
}
