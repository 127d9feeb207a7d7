package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.Deadline;
import io.weft.server.clients.NumberedRounds;
import io.weft.server.command.WeftCommand;
import io.weft.server.process.WeftProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Agents that produce, agents that consume and a group of its own: alike until the second level is
/// final, then apart.
class RolesTest {
  @TempDir Path folder;

  private WeftProcess agent(WeftProcess controlPlane, String name, String... more)
      throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("--flush-interval-ms", "50"));
    arguments.addAll(List.of(more));
    return WeftProcess.agent(folder, name, controlPlane.address(), List.of("-Xmx256m"), arguments);
  }

  @Test
  @Timeout(600)
  void workIsSeparatedOnceTheSecondLevelIsFinal() throws Exception {
    WeftProcess.foundBefore(folder);
    try (WeftProcess controlPlane = WeftProcess.controlPlane(folder, "-Xmx256m");
        WeftProcess produces = agent(controlPlane, "p", "--roles", "produce");
        WeftProcess consumes = agent(controlPlane, "c", "--roles", "consume,jobs")) {
      String both = produces.address() + "," + consumes.address();
      NumberedRounds.createTopic(both);
      // What the producer knows of its agents lives for minutes: an answer has to move it.
      try (NumberedRounds clients =
          new NumberedRounds(
              Map.of("bootstrap.servers", both, "client.id", "writer,weft_role=produce"),
              Map.of(
                  "bootstrap.servers",
                  both,
                  "client.id",
                  "reader,weft_role=consume",
                  "metadata.max.age.ms",
                  1_000))) {
        clients.workUntilLedBy(produces.port(), consumes.port());
        finishUpgrade(controlPlane);
        clients.workUntilLedBy(Set.of(produces.port()), Set.of(consumes.port()));
      }
      try (WeftProcess apart = agent(controlPlane, "g", "--agent-group", "batch")) {
        awaitNodes(apart.address(), "admin", Set.of(apart.port()));
        awaitNodes(both, "admin", Set.of(produces.port(), consumes.port()));
        awaitNodes(both, "admin,weft_agent_group=batch", Set.of(apart.port()));
      }
    }
  }

  private static void finishUpgrade(WeftProcess controlPlane) {
    StringWriter said = new StringWriter();
    Deadline deadline = Deadline.usual();
    while (!said.toString().contains("Level 2 is final")) {
      deadline.check("the upgrade is not finished: %s", said);
      said.getBuffer().setLength(0);
      PrintWriter out = new PrintWriter(said, true);
      int _ =
          new WeftCommand(Map.of(), out, out)
              .run("upgrade", "finish", "--control-plane", controlPlane.address());
    }
  }

  private static void awaitNodes(String bootstrapServers, String clientId, Set<Integer> wanted)
      throws Exception {
    Deadline deadline = Deadline.usual();
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", bootstrapServers, "client.id", clientId))) {
      List<Integer> ports = List.of();
      while (!Set.copyOf(ports).equals(wanted)) {
        deadline.check("%s is told of agents at %s, not at %s", clientId, ports, wanted);
        ports = admin.describeCluster().nodes().get().stream().map(Node::port).toList();
      }
      assertThat(ports).hasSize(wanted.size());
    }
  }
}
