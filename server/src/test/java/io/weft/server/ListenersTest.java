package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.Deadline;
import io.weft.server.clients.NumberedRounds;
import io.weft.server.command.WeftCommand;
import io.weft.server.process.Ports;
import io.weft.server.process.RawClient;
import io.weft.server.process.WeftProcess;
import io.weft.server.proxy.FaultyProxy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Agents with a listener for clients within their network and one behind a port-forward, beside an
/// agent with the plain one: clients are told of the addresses of the listener they come in by.
class ListenersTest {
  private static final int SEED = 7;

  @TempDir Path folder;

  private WeftProcess agent(WeftProcess controlPlane, String name, String... more)
      throws InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "agent",
                "--control-plane",
                controlPlane.address(),
                "--bucket",
                "file:" + folder.resolve("records"),
                "--flush-interval-ms",
                "50"));
    arguments.addAll(List.of(more));
    return WeftProcess.start(folder.resolve(name), List.of("-Xmx256m"), arguments);
  }

  private WeftProcess twofold(WeftProcess controlPlane, String name, int port, FaultyProxy forward)
      throws InterruptedException {
    return agent(
        controlPlane,
        name,
        "--listen",
        "INTERNAL=127.0.0.1:0,EXTERNAL=127.0.0.1:" + port,
        "--advertise",
        "EXTERNAL=localhost:" + forward.port());
  }

  private static Map<String, Object> client(String bootstrapServers) {
    return Map.of("bootstrap.servers", bootstrapServers, "metadata.max.age.ms", 1_000);
  }

  private static NumberedRounds clients(String bootstrapServers) {
    return new NumberedRounds(client(bootstrapServers), client(bootstrapServers));
  }

  @Test
  @Timeout(600)
  void clientsAreSentOnByTheListenerTheyCameInBy() throws Exception {
    WeftProcess.foundBefore(folder);
    int firstPort = Ports.free();
    int secondPort = Ports.free();
    try (FaultyProxy firstForward = FaultyProxy.start(firstPort, SEED);
        FaultyProxy secondForward = FaultyProxy.start(secondPort, SEED);
        WeftProcess controlPlane = WeftProcess.controlPlane(folder, "-Xmx256m");
        WeftProcess first = twofold(controlPlane, "first", firstPort, firstForward);
        WeftProcess second = twofold(controlPlane, "second", secondPort, secondForward);
        WeftProcess plain = agent(controlPlane, "plain", "--listen", "127.0.0.1:0")) {
      NumberedRounds.createTopic(first.address());
      String outside = firstForward.address();
      try (NumberedRounds external = clients(outside)) {
        // Of each agent one address is known until the second level is final.
        external.workUntilLedBy(firstForward.port());
        try (WeftProcess older =
            agent(controlPlane, "older", "--listen", "127.0.0.1:0", "--format-level", "1")) {
          Set<Integer> all = Set.of(first.port(), second.port(), plain.port(), older.port());
          awaitNodes(first.address(), all);
          awaitNodes(older.address(), all);
          awaitNodes(secondForward.address(), Set.of(secondForward.port()));
          external.workUntilLedBy(firstForward.port());
          older.process().stop();
        }
        finishUpgrade(controlPlane);
        external.workUntilLedBy(firstForward.port(), secondForward.port());
      }
      awaitNodes(first.address(), Set.of(first.port(), second.port()));
      awaitNodes(second.address(), Set.of(first.port(), second.port()));
      awaitNodes(secondForward.address(), Set.of(firstForward.port(), secondForward.port()));
      awaitNodes(plain.address(), Set.of(plain.port()));
      checkCoordinator(firstForward.port(), Set.of(firstForward.port(), secondForward.port()));
      checkCoordinator(first.port(), Set.of(first.port(), second.port()));
      checkSettings(first, firstPort, firstForward);
    }
  }

  @Test
  @Timeout(300)
  void clientsOfTheInternalListenerWorkToo() throws Exception {
    int port = Ports.free();
    try (FaultyProxy forward = FaultyProxy.start(port, SEED);
        WeftProcess controlPlane = WeftProcess.controlPlane(folder, "-Xmx256m");
        WeftProcess agent = twofold(controlPlane, "agent", port, forward)) {
      finishUpgrade(controlPlane);
      NumberedRounds.createTopic(agent.address());
      try (NumberedRounds internal = clients(agent.address())) {
        internal.workUntilLedBy(agent.port());
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

  private static void awaitNodes(String bootstrapServers, Set<Integer> wanted) throws Exception {
    Deadline deadline = Deadline.usual();
    try (Admin admin = Admin.create(client(bootstrapServers))) {
      Set<Integer> ports = new TreeSet<>();
      while (!ports.equals(wanted)) {
        deadline.check("%s is told of agents at %s, not at %s", bootstrapServers, ports, wanted);
        ports.clear();
        admin.describeCluster().nodes().get().forEach(node -> ports.add(node.port()));
      }
    }
  }

  private static void checkCoordinator(int port, Set<Integer> ports) throws Exception {
    List<String> groups = IntStream.range(0, 50).mapToObj(i -> "group-" + i).toList();
    FindCoordinatorRequestData asked =
        new FindCoordinatorRequestData().setKeyType((byte) 0).setCoordinatorKeys(groups);
    try (RawClient client = new RawClient(port)) {
      FindCoordinatorResponse answer =
          (FindCoordinatorResponse)
              client.ask(new FindCoordinatorRequest.Builder(asked).build((short) 4));
      Set<Integer> told = new TreeSet<>();
      answer.data().coordinators().forEach(each -> told.add(each.port()));
      assertThat(told).isEqualTo(ports);
    }
  }

  private static void checkSettings(WeftProcess agent, int port, FaultyProxy forward)
      throws Exception {
    try (Admin admin = Admin.create(client(agent.address()))) {
      int id =
          admin.describeCluster().nodes().get().stream()
              .filter(node -> node.port() == agent.port())
              .findFirst()
              .orElseThrow()
              .id();
      ConfigResource self = new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(id));
      Config settings =
          admin.describeConfigs(List.of(self)).all().get(2, TimeUnit.MINUTES).get(self);
      assertThat(settings.get("listeners").value())
          .isEqualTo("INTERNAL://127.0.0.1:0,EXTERNAL://127.0.0.1:" + port);
      assertThat(settings.get("advertised.listeners").value())
          .isEqualTo(
              "INTERNAL://127.0.0.1:%d,EXTERNAL://localhost:%d"
                  .formatted(agent.port(), forward.port()));
      assertThat(settings.get("inter.broker.listener.name").value()).isEqualTo("INTERNAL");
    }
  }
}
