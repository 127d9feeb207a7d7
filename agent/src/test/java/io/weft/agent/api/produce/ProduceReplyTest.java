package io.weft.agent.api.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.protocol.record.RecordFlaw;
import io.weft.protocol.record.Verification.Reason;
import io.weft.protocol.record.Verification.Refused;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ProduceReplyTest {
  @Test
  void anAnswerNamesSoManyRecordsAndNoMore() {
    TopicProduceData topic = new TopicProduceData().setName("t");
    for (int partition = 0; partition < 3; partition++) {
      topic.partitionData().add(new PartitionProduceData().setIndex(partition));
    }
    ProduceRequestData request = new ProduceRequestData();
    request.topicData().add(topic);
    ProduceReply reply = ProduceReply.to(request, (short) 12);
    List<RecordFlaw> flaws =
        IntStream.range(0, ProduceReply.FLAWS_MAX - 2)
            .mapToObj(index -> new RecordFlaw(index, "why"))
            .toList();

    for (int row = 0; row < 3; row++) {
      reply.refuse(row, new Refused(Reason.INVALID, flaws, "all of them"));
    }

    List<PartitionProduceResponse> rows =
        reply.response().data().responses().iterator().next().partitionResponses();
    assertThat(rows)
        .extracting(row -> row.recordErrors().size())
        .isEqualTo(List.of(ProduceReply.FLAWS_MAX - 2, 2, 0));
    assertThat(rows)
        .extracting(PartitionProduceResponse::errorCode)
        .containsOnly(Errors.INVALID_RECORD.code());
    assertThat(rows).extracting(PartitionProduceResponse::errorMessage).containsOnly("all of them");
  }
}
