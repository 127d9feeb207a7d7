package io.weft.server;

import io.weft.server.clients.NumberedRounds;
import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kafka's producer and consumer in a zone whose agents come and go: they work with the agents of
/// their zone while there are any, then with another zone's, then with their own zone's again, and
/// no record is lost, repeated, or taken for truncated.
class ZoneChangesTest {
  @TempDir Path folder;

  private WeftProcess controlPlane() throws InterruptedException {
    return WeftProcess.start(
        folder.resolve("control-plane"),
        List.of("-Xmx256m"),
        List.of(
            "control-plane",
            "--listen",
            "127.0.0.1:0",
            "--journal",
            "file:" + folder.resolve("journal"),
            "--agent-lease-ms",
            "5000"));
  }

  private WeftProcess agent(WeftProcess controlPlane, String name, String zone)
      throws InterruptedException {
    return WeftProcess.agent(
        folder,
        name,
        controlPlane.address(),
        List.of("-Xmx256m"),
        List.of("--flush-interval-ms", "50", "--zone", zone));
  }

  @Test
  @Timeout(600)
  void clientsGoWhereTheirZoneHasAgentsAndBack() throws Exception {
    try (WeftProcess controlPlane = controlPlane();
        WeftProcess firstInA = agent(controlPlane, "a1", "a");
        WeftProcess secondInA = agent(controlPlane, "a2", "a");
        WeftProcess inB = agent(controlPlane, "b1", "b")) {
      String all = String.join(",", firstInA.address(), secondInA.address(), inB.address());
      NumberedRounds.createTopic(all);
      Map<String, Object> settings =
          Map.of(
              "bootstrap.servers", all, "metadata.max.age.ms", 1_000, "client.id", "app,weft_az=a");
      try (NumberedRounds clients = new NumberedRounds(settings, settings)) {
        clients.workUntilLedBy(firstInA.port(), secondInA.port());
        firstInA.process().kill();
        clients.workUntilLedBy(secondInA.port());
        secondInA.process().stop();
        clients.workUntilLedBy(inB.port());
        try (WeftProcess back = agent(controlPlane, "a3", "a")) {
          clients.workUntilLedBy(back.port());
          // Nobody is left in the other zone: what works now, works in the client's own.
          inB.process().stop();
          clients.workUntilLedBy(back.port());
        }
      }
    }
  }
}
