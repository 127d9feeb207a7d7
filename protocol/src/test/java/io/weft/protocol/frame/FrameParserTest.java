package io.weft.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameParserTest {
  private static final OfferedApis ALL = OfferedApis.of(List.of(ApiKeys.values()));

  private final FrameParser parser = new FrameParser(ALL);

  private static ByteBuffer metadataV1(int topics, String... names) {
    ByteBuffer frame = ByteBuffer.allocate(1_000);
    frame.putShort((short) 3).putShort((short) 1).putInt(77);
    frame.putShort((short) 2).put(new byte[] {'m', 'e'});
    frame.putInt(topics);
    for (String name : names) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      frame.putShort((short) bytes.length).put(bytes);
    }
    return frame.flip();
  }

  private static ByteBuffer frame(AbstractRequest request) {
    RequestHeader header = new RequestHeader(request.apiKey(), request.version(), "me", 5);
    return request.serializeWithHeader(header);
  }

  private String refusal(ByteBuffer frame) {
    assertThat(parser.parse(frame)).isInstanceOf(RequestFrame.Refused.class);
    return ((RequestFrame.Refused) parser.parse(frame.rewind())).reason();
  }

  @Test
  void understandsAHeaderAndItsBody() {
    RequestFrame.Understood frame = (RequestFrame.Understood) parser.parse(metadataV1(1, "orders"));

    assertThat(frame.header().correlationId()).isEqualTo(77);
    assertThat(frame.header().clientId()).isEqualTo("me");
    assertThat(((MetadataRequest) frame.body()).topics()).containsExactly("orders");
  }

  @Test
  void ignoresWhatFollowsTheBody() {
    ByteBuffer frame = metadataV1(1, "orders", "this is no part of it");

    assertThat(parser.parse(frame)).isInstanceOf(RequestFrame.Understood.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {9_999, -5, 95, 4})
  void refusesUnknownKeys(int key) {
    assertThat(refusal(metadataV1(0).putShort(0, (short) key))).contains("not offered");
  }

  @Test
  void refusesAnApiOfControllersOnly() {
    assertThat(refusal(metadataV1(0).putShort(0, ApiKeys.BROKER_REGISTRATION.id)))
        .contains("not offered");
  }

  @Test
  void refusesAVersionThatIsNotOffered() {
    assertThat(refusal(metadataV1(0).putShort(2, (short) 99))).contains("version 99");
  }

  @Test
  void refusesRemovedProduceVersions() {
    ByteBuffer frame = metadataV1(0).putShort(0, (short) 0).putShort(2, (short) 0);

    assertThat(refusal(frame)).contains("Produce version 0");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 7, 9, 11, 13, 16})
  void refusesAFrameThatIsCutOff(int bytes) {
    assertThat(refusal(metadataV1(1, "orders").limit(bytes))).isNotEmpty();
  }

  @Test
  void refusesAClientIdLongerThanItsFrame() {
    assertThat(refusal(metadataV1(0).putShort(8, Short.MAX_VALUE))).isNotEmpty();
  }

  @Test
  void allocatesNothingByTheLengthOfAnArray() {
    // 2^31-1 names would be gigabytes: this must be refused, not tried.
    assertThat(refusal(metadataV1(Integer.MAX_VALUE))).contains("2147483647");
  }

  @Test
  void takesATooNewApiVersionsForTheOldest() {
    ByteBuffer bytes =
        frame(new ApiVersionsRequest(new ApiVersionsRequestData(), (short) 3))
            .putShort(2, (short) 99);

    RequestFrame.Understood frame = (RequestFrame.Understood) parser.parse(bytes);

    assertThat(((ApiVersionsRequest) frame.body()).hasUnsupportedRequestVersion()).isTrue();
    assertThat(frame.body().version()).isZero();
    assertThat(frame.header().correlationId()).isEqualTo(5);
  }

  @Test
  void leavesRecordsWhereTheyLie() {
    byte[] records = new byte[200];
    ProduceRequestData data = new ProduceRequestData().setAcks((short) 1).setTimeoutMs(1);
    TopicProduceData topic = new TopicProduceData().setName("t");
    topic
        .partitionData()
        .add(
            new PartitionProduceData()
                .setRecords(MemoryRecords.readableRecords(ByteBuffer.wrap(records))));
    data.topicData().add(topic);
    ByteBuffer bytes = frame(new ProduceRequest(data, (short) 9));

    RequestFrame.Understood frame = (RequestFrame.Understood) parser.parse(bytes);

    ProduceRequest produce = (ProduceRequest) frame.body();
    MemoryRecords parsed =
        (MemoryRecords)
            produce.data().topicData().iterator().next().partitionData().getFirst().records();
    for (int i = 0; i < bytes.limit(); i++) {
      bytes.put(i, (byte) 42);
    }
    assertThat(parsed.buffer().get(100)).isEqualTo((byte) 42);
  }

  @Test
  void answersUnderTheNumberOfTheRequest() {
    RequestFrame.Understood frame = (RequestFrame.Understood) parser.parse(metadataV1(1, "orders"));

    Send send =
        ResponseFrame.of(
            frame.header(),
            frame.body(),
            frame.body().getErrorResponse(new IllegalStateException("no")));

    assertThat(send.size()).isGreaterThan(8);
  }

  @Test
  void limitsFramesWithoutRecords() {
    ByteBuffer metadata = metadataV1(0);
    ByteBuffer produce = metadataV1(0).putShort(0, ApiKeys.PRODUCE.id);

    assertThat(FrameParser.bytesMax(metadata)).isEqualTo(FrameParser.CONTROL_FRAME_BYTES_MAX);
    assertThat(FrameParser.bytesMax(produce)).isEqualTo(Integer.MAX_VALUE);
  }

  /// ApiVersions v3 up to its header's tags, which then say something impossible.
  private static ByteBuffer tagged(int... tags) {
    ByteBuffer frame = ByteBuffer.allocate(100);
    frame.putShort((short) 18).putShort((short) 3).putInt(1).putShort((short) -1);
    for (int tag : tags) {
      frame.put((byte) tag);
    }
    return frame.put(new byte[] {2, 'a', 2, 'b', 0}).flip();
  }

  @Test
  void ignoresTagsItDoesNotKnow() {
    assertThat(parser.parse(tagged(1, 9, 2, 7, 7))).isInstanceOf(RequestFrame.Understood.class);
  }

  @Test
  void refusesTagsLargerThanTheFrame() {
    assertThat(refusal(tagged(1, 9, 0xFF, 0xFF, 0xFF, 0xFF, 0x07))).isNotEmpty();
  }

  @Test
  void refusesAVarintOfMoreThanFiveBytes() {
    assertThat(refusal(tagged(0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01))).isNotEmpty();
  }

  /// Whatever comes, there is an answer: understood or refused, never an exception.
  @Test
  void survivesGarbage() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      ByteBuffer frame = ByteBuffer.wrap(bytes);
      if (bytes.length >= 4) {
        frame.putShort(0, (short) random.nextInt(95)).putShort(2, (short) random.nextInt(14));
      }
      assertThat(parser.parse(frame)).as("seed %d, frame %d", seed, i).isNotNull();
    }
  }
}
