package io.weft.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/// A connection of Kafka's protocol with nothing in between: what a coordinator can take is more
/// than a standard client can ask. Owned by one thread.
final class RawLink implements AutoCloseable {
  private static final int ANSWER_BYTES_MAX = 16 << 20;
  private static final int CORRELATION = 1;

  private final Socket socket;
  private final DataInputStream in;
  private final String clientId;

  /// @param address host:port
  /// @param answerMs how long to wait for an answer
  RawLink(String address, String clientId, int answerMs) {
    int colon = address.lastIndexOf(':');
    try {
      socket =
          new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(answerMs);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    } catch (IOException e) {
      throw new UncheckedIOException(address + " does not answer", e);
    }
    this.clientId = clientId;
  }

  /// A request as it goes over the wire. All have the same correlation id: answers come in order.
  record Frame(RequestHeader header, byte[] bytes) {}

  Frame frame(AbstractRequest request) {
    RequestHeader header =
        new RequestHeader(request.apiKey(), request.version(), clientId, CORRELATION);
    ByteBuffer body = request.serializeWithHeader(header);
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + body.remaining());
    bytes.putInt(body.remaining()).put(body);
    return new Frame(header, bytes.array());
  }

  /// @throws UncheckedIOException if the connection fails or no answer comes in time
  <R extends AbstractResponse> R ask(AbstractRequest request, Class<R> type) {
    try {
      Frame frame = frame(request);
      socket.getOutputStream().write(frame.bytes);
      return type.cast(receive(frame));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends the frames over and over, `window` of them under way at most.
  ///
  /// @param count how many in all; a multiple of half the window
  /// @throws KafkaException if an answer has an error
  void flood(List<Frame> frames, long count, int window) {
    int half = Math.max(1, window / 2);
    long sent = 0;
    long received = 0;
    try {
      while (received < count) {
        while (sent < count && sent - received + half <= window) {
          write(frames, sent, half);
          sent += half;
        }
        for (int i = 0; i < half; i++) {
          expectNoError(frames.get((int) ((received + i) % frames.size())));
        }
        received += half;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(List<Frame> frames, long from, int count) throws IOException {
    int length = 0;
    for (int i = 0; i < count; i++) {
      length += frames.get((int) ((from + i) % frames.size())).bytes.length;
    }
    ByteBuffer together = ByteBuffer.allocate(length);
    for (int i = 0; i < count; i++) {
      together.put(frames.get((int) ((from + i) % frames.size())).bytes);
    }
    socket.getOutputStream().write(together.array());
  }

  private void expectNoError(Frame frame) throws IOException {
    AbstractResponse response = receive(frame);
    if (!response.errorCounts().keySet().equals(Set.of(Errors.NONE))) {
      throw new KafkaException(frame.header.apiKey() + " was answered " + response.errorCounts());
    }
  }

  private AbstractResponse receive(Frame frame) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > ANSWER_BYTES_MAX) {
      throw new IOException("impossible answer length " + length);
    }
    byte[] body = in.readNBytes(length);
    return AbstractResponse.parseResponse(ByteBuffer.wrap(body), frame.header);
  }
}
