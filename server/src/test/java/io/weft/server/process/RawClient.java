package io.weft.server.process;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/// A connection on which any bytes can be sent, right or wrong.
public final class RawClient implements AutoCloseable {
  public static final String CLOSED = "CLOSED";
  public static final String SILENT = "NO RESPONSE";
  private static final int ANSWER_MS_MAX = 40_000;

  /// How long the server may take to take what is sent.
  private static final int SENDING_MS_MAX = 120_000;

  private final Socket socket;
  private final DataInputStream in;
  private int correlation;

  public RawClient(int port) throws IOException {
    this(port, ANSWER_MS_MAX);
  }

  /// @param answerMsMax how long an answer is waited for
  public RawClient(int port, int answerMsMax) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(answerMsMax);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  /// Sends a well-formed request and returns the response.
  ///
  /// @throws EOFException if the connection is closed instead
  public AbstractResponse ask(AbstractRequest request) throws IOException {
    RequestHeader header = header(request.apiKey(), request.version());
    send(header, request);
    byte[] answer = receive();
    ByteBuffer buffer = ByteBuffer.wrap(answer);
    return AbstractResponse.parseResponse(buffer, header);
  }

  /// As [#ask(AbstractRequest)], with any contents, even those a request's own builder refuses.
  ///
  /// @throws IllegalStateException if bytes are left of the answer
  public AbstractResponse ask(ApiKeys key, short version, ApiMessage request) throws IOException {
    RequestHeader header = header(key, version);
    ByteBuffer head =
        MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion()).buffer();
    ByteBuffer body = MessageUtil.toByteBufferAccessor(request, version).buffer();
    sendFrame(ByteBuffer.allocate(head.remaining() + body.remaining()).put(head).put(body).array());
    ByteBuffer answer = ByteBuffer.wrap(receive());
    AbstractResponse response = AbstractResponse.parseResponse(answer, header);
    if (answer.hasRemaining()) {
      throw new IllegalStateException(answer.remaining() + " bytes too many");
    }
    return response;
  }

  public RequestHeader header(ApiKeys key, short version) {
    return new RequestHeader(key, version, "bad-input", ++correlation);
  }

  public void send(RequestHeader header, AbstractRequest request) throws IOException {
    ByteBuffer bytes = request.serializeWithHeader(header);
    byte[] frame = new byte[bytes.remaining()];
    bytes.get(frame);
    sendFrame(frame);
  }

  public void sendFrame(byte[] body) throws IOException {
    sendBytes(ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body).array());
  }

  public void sendBytes(byte[] bytes) throws IOException {
    FutureTask<Boolean> sending =
        new FutureTask<>(
            () -> {
              socket.getOutputStream().write(bytes);
              socket.getOutputStream().flush();
              return true;
            });
    Thread.ofVirtual().start(sending);
    try {
      sending.get(SENDING_MS_MAX, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      socket.close();
      throw new AssertionError(
          "the server did not take %d bytes within %d ms".formatted(bytes.length, SENDING_MS_MAX),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("while sending");
    }
  }

  public byte[] receive() throws IOException {
    int length = in.readInt();
    if (length < 0 || length > 100 << 20) {
      throw new IOException("impossible answer length " + length);
    }
    byte[] body = new byte[length];
    in.readFully(body);
    return body;
  }

  /// What comes next: [#CLOSED], [#SILENT] or "ANSWERED".
  public String next() throws IOException {
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
