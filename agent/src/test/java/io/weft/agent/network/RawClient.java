package io.weft.agent.network;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.RequestHeader;

/// A Kafka client that says exactly what it is told to, byte by byte.
public final class RawClient implements AutoCloseable {
  private static final int WAIT_MS_MAX = 120_000;

  private final Socket socket;
  private final DataInputStream in;
  private int correlation;

  public RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(WAIT_MS_MAX);
    in = new DataInputStream(socket.getInputStream());
  }

  public static ByteBuffer frame(AbstractRequest request, String clientId, int correlation) {
    return request.serializeWithHeader(
        new RequestHeader(request.apiKey(), request.version(), clientId, correlation));
  }

  static AbstractRequest metadata() {
    return new MetadataRequest(new MetadataRequestData().setTopics(null), (short) 1);
  }

  void sendRaw(byte... bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void sendLength(int length) throws IOException {
    sendRaw(ByteBuffer.allocate(4).putInt(length).array());
  }

  void sendFrame(ByteBuffer body) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(4 + body.remaining());
    all.putInt(body.remaining()).put(body);
    sendRaw(all.array());
  }

  /// @return its correlation id
  int send(AbstractRequest request) throws IOException {
    sendFrame(frame(request, "raw", ++correlation));
    return correlation;
  }

  /// The next answer's bytes from its correlation id on.
  ByteBuffer receiveFrame() throws IOException {
    byte[] body = new byte[in.readInt()];
    in.readFully(body);
    return ByteBuffer.wrap(body);
  }

  int receiveCorrelation() throws IOException {
    return receiveFrame().getInt();
  }

  /// Sends a request and parses its answer.
  public AbstractResponse ask(AbstractRequest request, String clientId) throws IOException {
    sendFrame(frame(request, clientId, ++correlation));
    RequestHeader header =
        new RequestHeader(request.apiKey(), request.version(), clientId, correlation);
    return AbstractResponse.parseResponse(receiveFrame(), header);
  }

  public AbstractResponse ask(AbstractRequest request) throws IOException {
    return ask(request, "raw");
  }

  /// Whether the other side closes, without a further answer.
  boolean isClosedByPeer() throws IOException {
    try {
      return in.read() < 0;
    } catch (EOFException | SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
