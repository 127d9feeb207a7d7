package io.weft.server.badinput;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/// A connection on which any bytes can be sent, right or wrong.
final class RawClient implements AutoCloseable {
  static final String CLOSED = "CLOSED";
  static final String SILENT = "NO RESPONSE";
  private static final int ANSWER_MS_MAX = 20_000;

  private final Socket socket;
  private final DataInputStream in;
  private int correlation;

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(ANSWER_MS_MAX);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  /// Sends a well-formed request and returns the response.
  ///
  /// @throws EOFException if the connection is closed instead
  AbstractResponse ask(AbstractRequest request) throws IOException {
    RequestHeader header = header(request.apiKey(), request.version());
    send(header, request);
    byte[] answer = receive();
    ByteBuffer buffer = ByteBuffer.wrap(answer);
    return AbstractResponse.parseResponse(buffer, header);
  }

  RequestHeader header(ApiKeys key, short version) {
    return new RequestHeader(key, version, "bad-input", ++correlation);
  }

  void send(RequestHeader header, AbstractRequest request) throws IOException {
    ByteBuffer bytes = request.serializeWithHeader(header);
    byte[] frame = new byte[bytes.remaining()];
    bytes.get(frame);
    sendFrame(frame);
  }

  void sendFrame(byte[] body) throws IOException {
    sendBytes(ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body).array());
  }

  void sendBytes(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  byte[] receive() throws IOException {
    int length = in.readInt();
    if (length < 0 || length > 100 << 20) {
      throw new IOException("impossible answer length " + length);
    }
    byte[] body = new byte[length];
    in.readFully(body);
    return body;
  }

  /// What comes next: [#CLOSED], [#SILENT] or "ANSWERED".
  String next() throws IOException {
    try {
      receive();
      return "ANSWERED";
    } catch (EOFException | SocketException e) {
      return CLOSED;
    } catch (SocketTimeoutException e) {
      return SILENT;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
