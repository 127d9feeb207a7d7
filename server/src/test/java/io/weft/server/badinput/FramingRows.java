package io.weft.server.badinput;

import static io.weft.server.process.RawClient.CLOSED;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;

/// Frames and headers.
final class FramingRows {
  private FramingRows() {}

  static List<Row> all() {
    return List.of(
        Row.same("length -1", CLOSED, t -> t.afterBytes(ints(-1))),
        Row.same("longer than allowed", CLOSED, t -> t.afterBytes(ints((100 << 20) + 1))),
        Row.same("length 0", CLOSED, t -> t.afterBytes(ints(0))),
        Row.same("short header", CLOSED, t -> t.afterFrame(new byte[] {0, 3, 0})),
        Row.same("HTTP", CLOSED, t -> t.afterBytes(text("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))),
        Row.same("TLS", CLOSED, t -> t.afterBytes(clientHello())),
        Row.same("unknown api", CLOSED, t -> t.afterFrame(header(9999, 0, "x"))),
        Row.same("negative api", CLOSED, t -> t.afterFrame(header(-5, 0, "x"))),
        Row.same("unknown version", CLOSED, t -> t.afterFrame(header(3, 99, "x"))),
        Row.same("removed version", CLOSED, t -> t.afterFrame(header(0, 0, "x"))),
        Row.same("ApiVersions v99", "UNSUPPORTED_VERSION(35)", FramingRows::apiVersions99),
        Row.same("client id cut short", CLOSED, t -> t.afterFrame(cutClientId())),
        Row.same("2^31-1 topics", CLOSED, t -> t.afterFrame(manyTopics())),
        Row.same("garbage behind a request", "ANSWERED", t -> t.afterFrame(trailing())),
        Row.same("produce cut short", CLOSED, t -> t.afterFrame(header(0, 7, "x"))),
        Row.same("controller's api", CLOSED, t -> t.afterFrame(header(62, 0, "x"))),
        Row.same("bad software name", "INVALID_REQUEST(42)", FramingRows::badSoftwareName));
  }

  private static String apiVersions99(Target target) throws Exception {
    return target.talk(
        client -> {
          byte[] head = header(ApiKeys.API_VERSIONS.id, 99, "x");
          // From version 3 on the header ends with tagged fields: none.
          client.sendFrame(ByteBuffer.allocate(head.length + 1).put(head).array());
          ByteBuffer answer = ByteBuffer.wrap(client.receive());
          answer.getInt();
          ApiVersionsResponseData data =
              new ApiVersionsResponseData(new ByteBufferAccessor(answer), (short) 0);
          boolean saysItself = data.apiKeys().find(ApiKeys.API_VERSIONS.id) != null;
          return saysItself ? Target.name(data.errorCode()) : "no ApiVersions range";
        });
  }

  private static String badSoftwareName(Target target) throws Exception {
    ApiVersionsRequest request =
        new ApiVersionsRequest(
            new ApiVersionsRequestData()
                .setClientSoftwareName("-bad name-")
                .setClientSoftwareVersion("1"),
            (short) 3);
    return target.answer(request, r -> Target.name(((ApiVersionsResponse) r).data().errorCode()));
  }

  private static byte[] trailing() {
    byte[] request = header(3, 1, "x");
    return ByteBuffer.allocate(request.length + 9).put(request).putInt(0).put(new byte[5]).array();
  }

  private static byte[] manyTopics() {
    byte[] head = header(3, 1, "x");
    return ByteBuffer.allocate(head.length + 4).put(head).putInt(Integer.MAX_VALUE).array();
  }

  private static byte[] cutClientId() {
    return ByteBuffer.allocate(12)
        .putShort((short) 3)
        .putShort((short) 1)
        .putInt(1)
        .putShort(Short.MAX_VALUE)
        .array();
  }

  static byte[] header(int api, int version, String clientId) {
    byte[] id = text(clientId);
    return ByteBuffer.allocate(10 + id.length)
        .putShort((short) api)
        .putShort((short) version)
        .putInt(1)
        .putShort((short) id.length)
        .put(id)
        .array();
  }

  private static byte[] clientHello() {
    return new byte[] {0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x03};
  }

  private static byte[] ints(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      buffer.putInt(value);
    }
    return buffer.array();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
