package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.ChildProcess;
import io.weft.server.process.Repository;
import io.weft.server.process.WeftProcess;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the documentation says of APIs and versions is what an agent says.
class CompatibilityTableTest {
  private static final Pattern ROW =
      Pattern.compile("\\| (\\d+) \\| ([A-Z_]+) \\| (\\d+-\\d+) \\|");

  @TempDir Path folder;

  @Test
  void isWhatAnAgentAdvertises() throws Exception {
    Map<String, String> written = new TreeMap<>();
    Matcher row =
        ROW.matcher(Files.readString(Repository.root().resolve("docs/kafka-compatibility.md")));
    while (row.find()) {
      written.put(row.group(1) + " " + row.group(2), row.group(3));
    }
    try (WeftProcess weft = WeftProcess.dev(folder)) {
      assertThat(advertised(weft.port())).isEqualTo(written);
    }
  }

  private static Map<String, String> advertised(int port) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(Math.toIntExact(ChildProcess.ANSWER_MAX.toMillis()));
      ApiVersionsRequest request = new ApiVersionsRequest.Builder().build((short) 3);
      RequestHeader header = new RequestHeader(ApiKeys.API_VERSIONS, (short) 3, "table", 1);
      ByteBuffer bytes = request.serializeWithHeader(header);
      byte[] frame = new byte[4 + bytes.remaining()];
      ByteBuffer.wrap(frame).putInt(bytes.remaining()).put(bytes);
      socket.getOutputStream().write(frame);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] answer = new byte[in.readInt()];
      in.readFully(answer);
      ApiVersionsResponse response =
          (ApiVersionsResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(answer), header);
      response
          .data()
          .apiKeys()
          .forEach(
              api ->
                  found.put(
                      api.apiKey() + " " + ApiKeys.forId(api.apiKey()).name(),
                      api.minVersion() + "-" + api.maxVersion()));
    }
    return found;
  }
}
