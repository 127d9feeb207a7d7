package io.weft.simulation.cluster;

import io.weft.agent.api.KafkaApi;
import io.weft.agent.memory.ByteBudget;
import io.weft.agent.memory.Lease;
import io.weft.agent.network.Answer;
import io.weft.agent.network.ClientConnection;
import io.weft.agent.network.Request;
import io.weft.model.Invariant;
import io.weft.protocol.frame.FrameParser;
import io.weft.protocol.frame.RequestFrame;
import io.weft.protocol.frame.ResponseFrame;
import io.weft.simulated.SimulatedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.network.Send;

/// A client's connection to one agent: the agent's end, a reader and a writer as in the real one.
final class ClientPort {
  private static final int LOCAL_PORT = 9092;
  private static final byte USED_AGAIN = (byte) 0xDB;

  private final ClientLink link;
  private final KafkaApi api;
  private final ByteBudget budget;
  private final FrameParser parser;
  private final ClientConnection client;
  private final Inbox<Owed> owed = new Inbox<>();

  private record Owed(Request request, Answer answer) {}

  private ClientPort(ClientLink link, KafkaApi api, ByteBudget budget, long id) {
    this.link = link;
    this.api = api;
    this.budget = budget;
    this.parser = new FrameParser(api.offered());
    this.client = new ClientConnection(id, InetAddress.getLoopbackAddress(), LOCAL_PORT);
  }

  static void open(
      ClientLink link, KafkaApi api, ByteBudget budget, long id, SimulatedProcess process) {
    ClientPort port = new ClientPort(link, api, budget, id);
    process.start("reader", port::read);
    process.start("writer", port::write);
  }

  private void read() {
    try {
      Optional<ByteBuffer> frame = link.requests().take();
      while (frame.isPresent()) {
        Request request = parsed(frame.get());
        owed.put(new Owed(request, api.handle(request)));
        frame = link.requests().take();
      }
      owed.breakOff();
      api.connectionEnded(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Request parsed(ByteBuffer frame) throws InterruptedException {
    ByteBudget.Share share = budget.acquire(frame.remaining());
    return switch (parser.parse(placed(frame, share))) {
      case RequestFrame.Refused(String why) -> throw new IllegalStateException(why);
      case RequestFrame.Understood(var header, var body) ->
          new Request(header, body, client, share);
    };
  }

  /// Records lie in memory that is used again as soon as nobody has the request's share: a reader
  /// that comes later sees another's bytes.
  private static ByteBuffer placed(ByteBuffer frame, ByteBudget.Share share) {
    if (!FrameParser.areRecords(frame)) {
      return frame;
    }
    byte[] memory = new byte[frame.remaining()];
    frame.get(frame.position(), memory);
    share.carry(
        new Lease() {
          @Override
          public long bytes() {
            return memory.length;
          }

          @Override
          public void release() {
            Arrays.fill(memory, USED_AGAIN);
          }
        });
    return ByteBuffer.wrap(memory);
  }

  private void write() {
    try {
      Optional<Owed> next = owed.take();
      while (next.isPresent()) {
        Request request = next.get().request();
        write(request, next.get().answer());
        request.bytes().release();
        next = owed.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Request request, Answer answer) throws InterruptedException {
    switch (answer) {
      case Answer.Ready(var response) ->
          link.answer(bytes(ResponseFrame.of(request.header(), request.body(), response)));
      case Answer.None() -> {}
      case Answer.Later(var pending) -> write(request, pending.await());
      case Answer.Close(String reason) -> {
        Invariant.check(!reason.isEmpty(), "closed for no reason");
        link.requests().breakOff();
        link.closedThere();
      }
    }
  }

  private static ByteBuffer bytes(Send send) {
    ByteBuffer frame = ByteBuffer.allocate((int) send.size());
    try {
      while (!send.completed()) {
        send.writeTo(new FrameSink(frame));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return frame.flip();
  }
}
