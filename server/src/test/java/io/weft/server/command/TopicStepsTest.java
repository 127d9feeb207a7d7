package io.weft.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlaneException.Unavailable;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.topic.DeletedTopics;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandPort;
import io.weft.controlplane.rpc.RpcServer;
import io.weft.controlplane.rpc.RpcServerSettings;
import io.weft.environment.Environment;
import io.weft.model.TopicId;
import io.weft.rpc.HostPort;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What `weft topics` says.
@Timeout(300)
class TopicStepsTest {
  private static final String NONE = "There is no deleted topic that can be brought back.";
  private static final String EARLY =
      " None is kept before level 2 is final: see 'weft upgrade status'.";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void beforeTheSecondLevelIsFinalItSaysWhyThereIsNone() {
    assertThat(run(2, new Port(1, List.of()), "deleted")).isZero();
    assertThat(out.toString().strip()).isEqualTo(NONE + EARLY);
    assertThat(run(2, new Port(1, List.of()), "undelete", "--topic", "orders")).isNotZero();
    assertThat(err.toString())
        .contains("No such topic can be brought back; 'weft topics deleted'")
        .contains(EARLY);
  }

  @Test
  void afterwardsItSaysNoMore() {
    assertThat(run(2, new Port(2, List.of()), "deleted")).isZero();
    assertThat(out.toString().strip()).isEqualTo(NONE);
  }

  @Test
  void aControlPlaneOfTheReleaseBeforeHasToBeUpgraded() {
    assertThat(run(1, new Port(1, List.of()), "deleted")).isNotZero();
    assertThat(err.toString())
        .contains("does not know ListDeletedTopics: it has to be upgraded")
        .doesNotContain("\tat ");
  }

  @Test
  void severalOfOneNameAreToldApartByTheirIds() {
    Port port = new Port(2, List.of(deleted(1, "orders"), deleted(2, "orders")));

    assertThat(run(2, port, "undelete", "--topic", "orders")).isNotZero();
    assertThat(err.toString())
        .contains("2 deleted topics had the name orders; say which with --topic-id");
    assertThat(run(2, port, "let-go")).isNotZero();
    assertThat(err.toString()).contains("Say which topic, with --topic or --topic-id");
    assertThat(run(2, port, "let-go", "--topic-id", "AAAAAAAAAAAAAAAAAAAAAg")).isZero();
    assertThat(out.toString()).contains("Topic orders of id AAAAAAAAAAAAAAAAAAAAAg is gone");
    assertThat(port.let).isEqualTo(new TopicId(0, 2));
  }

  private static DeletedTopics.DeletedTopic deleted(long id, String name) {
    return new DeletedTopics.DeletedTopic(new TopicId(0, id), name, 1, 0, 0, 1_000);
  }

  /// @param level that the control plane's release knows
  private int run(int level, Port port, String step, String... options) {
    try (RpcServer server =
        RpcServer.start(
            port,
            RpcServerSettings.at(new HostPort("127.0.0.1", 0)),
            level,
            Environment.system())) {
      List<String> arguments =
          new ArrayList<>(List.of("topics", step, "--control-plane", "127.0.0.1:" + server.port()));
      arguments.addAll(List.of(options));
      return new WeftCommand(Map.of(), new PrintWriter(out, true), new PrintWriter(err, true))
          .run(arguments.toArray(String[]::new));
    }
  }

  /// Answers what is asked of releases and of deleted topics.
  private static final class Port implements CommandPort, Releases, DeletedTopics {
    private final int cluster;
    private final List<DeletedTopic> topics;
    private volatile TopicId let = new TopicId(0, 0);

    Port(int cluster, List<DeletedTopic> topics) {
      this.cluster = cluster;
      this.topics = topics;
    }

    @Override
    public <R> R ask(Command<R> command) {
      return command
          .askOf(Releases.class, this)
          .or(() -> command.askOf(DeletedTopics.class, this))
          .orElseThrow();
    }

    @Override
    public Greeting greet(Greeting mine) {
      throw new AssertionError("answered by the server");
    }

    @Override
    public Status describe() {
      return new Status(cluster, Levels.KNOWN, List.of());
    }

    @Override
    public void finish(int level) {
      throw new AssertionError("nobody asks for it");
    }

    @Override
    public List<DeletedTopic> list(Optional<TopicId> after) {
      return topics.stream()
          .filter(each -> after.isEmpty() || after.get().compareTo(each.id()) < 0)
          .sorted(Comparator.comparing(DeletedTopic::id))
          .limit(1)
          .toList();
    }

    @Override
    public UndeleteOutcome undelete(TopicId topic, String name) {
      return UndeleteOutcome.NOT_KEPT;
    }

    @Override
    public boolean letGo(TopicId topic) {
      let = topic;
      return true;
    }

    @Override
    public CommitFeed feed() {
      return (agent, listener) -> {
        throw new Unavailable("no feed", null);
      };
    }

    @Override
    public void close() {}
  }
}
