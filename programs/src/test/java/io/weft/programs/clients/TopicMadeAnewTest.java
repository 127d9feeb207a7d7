package io.weft.programs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.programs.Clients;
import io.weft.programs.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A Java producer lives on while its topic is deleted and made anew.
@Timeout(300)
class TopicMadeAnewTest {
  private static final String TOPIC = "anew";

  @TempDir Path folder;

  @Test
  void theProducerGoesOn() throws Exception {
    try (Target target = Target.start(folder)) {
      Clients clients = target.clients();
      clients.createTopic(TOPIC, 1);
      try (Admin admin = clients.admin();
          var producer = clients.producer(Map.of("enable.idempotence", true))) {
        for (int turn = 0; turn < 3; turn++) {
          for (int i = 0; i < 5; i++) {
            RecordMetadata placed =
                producer.send(new ProducerRecord<>(TOPIC, 0, null, turn + "-" + i)).get();
            assertThat(placed.offset()).isEqualTo(i);
          }
          admin.deleteTopics(List.of(TOPIC)).all().get();
          clients.createTopic(TOPIC, 1);
        }
      }
    }
  }
}
