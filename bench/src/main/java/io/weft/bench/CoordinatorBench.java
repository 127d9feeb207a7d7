package io.weft.bench;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.server.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.OffsetCommitRequest;

/// As many heartbeats, or offset commits, as the coordinator takes, over a few connections with
/// many requests under way on each.
final class CoordinatorBench {
  private static final int ANSWER_MS = 60_000;

  private CoordinatorBench() {}

  /// What one connection asks over and over.
  private interface Load {
    List<AbstractRequest> on(RawLink link, int connection);
  }

  /// Heartbeats of members that have nothing to hear: by `group.protocol`, of one classic member
  /// per connection, or of consumer-group members of which each has a group of its own.
  static BenchReport heartbeats(Settings settings, Environment environment)
      throws InterruptedException {
    BenchTopic.create(settings);
    String prefix = settings.text("topic") + "-beats-" + environment.clock().wallMs();
    boolean classic = settings.text("group.protocol").equals("classic");
    int members = Math.max(1, settings.number("members") / settings.number("connections"));
    return run(
        "heartbeats",
        settings,
        environment,
        (link, connection) -> {
          if (classic) {
            return List.of(RawMembers.joinAlone(link, prefix + "-" + connection));
          }
          List<RawMembers.Member> all = new ArrayList<>();
          for (int i = 0; i < members; i++) {
            String name = prefix + "-" + connection + "-" + i;
            all.add(new RawMembers.Member(name, name, settings.text("topic")));
          }
          RawMembers.settle(link, all);
          return all.stream().map(RawMembers.Member::beat).toList();
        });
  }

  /// Commits of one partition's offset each, by groups without members.
  static BenchReport offsetCommits(Settings settings, Environment environment)
      throws InterruptedException {
    BenchTopic.create(settings);
    int groups = Math.max(1, settings.number("members") / settings.number("connections"));
    return run(
        "offset-commits",
        settings,
        environment,
        (_, connection) -> {
          List<AbstractRequest> commits = new ArrayList<>();
          for (int i = 0; i < groups; i++) {
            commits.add(commit(settings, "bench-" + connection + "-" + i, i));
          }
          return commits;
        });
  }

  private static BenchReport run(String name, Settings settings, Environment environment, Load load)
      throws InterruptedException {
    int connections = settings.number("connections");
    int window = settings.number("requests.in.flight");
    long half = Math.max(1, window / 2);
    long each = Math.ceilDiv(settings.whole("requests") / connections, half) * half;
    List<Pending<Boolean>> prepared = new ArrayList<>();
    List<Pending<Boolean>> ends = new ArrayList<>();
    Pending<Boolean> start = new Pending<>();
    for (int i = 0; i < connections; i++) {
      int connection = i;
      Pending<Boolean> ready = new Pending<>();
      Pending<Boolean> end = new Pending<>();
      prepared.add(ready);
      ends.add(end);
      Runnable body =
          () -> {
            try (RawLink link =
                new RawLink(
                    settings.text("bootstrap.servers"), settings.text("client.id"), ANSWER_MS)) {
              RawMembers.awaitCoordinator(link, environment);
              List<RawLink.Frame> frames =
                  load.on(link, connection).stream().map(link::frame).toList();
              link.flood(frames, half * 100, window);
              ready.complete(true);
              start.await();
              link.flood(frames, each, window);
              end.complete(true);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
              ready.fail(e);
              end.fail(e);
            }
          };
      environment.tasks().start("bench-" + name, body);
    }
    for (Pending<Boolean> ready : prepared) {
      ready.await();
    }
    double cpuBefore = BenchReport.processCpuSeconds();
    long begin = environment.clock().nanos();
    start.complete(true);
    for (Pending<Boolean> end : ends) {
      end.await();
    }
    double seconds = (environment.clock().nanos() - begin) / 1e9;
    return new BenchReport(
        name,
        each * connections,
        0,
        seconds,
        BenchReport.processCpuSeconds() - cpuBefore,
        new Histogram(3));
  }

  private static AbstractRequest commit(Settings settings, String group, int offset) {
    OffsetCommitRequestPartition partition =
        new OffsetCommitRequestPartition()
            .setPartitionIndex(0)
            .setCommittedOffset(offset)
            .setCommittedMetadata("");
    OffsetCommitRequestTopic topic =
        new OffsetCommitRequestTopic()
            .setName(settings.text("topic"))
            .setPartitions(List.of(partition));
    return OffsetCommitRequest.Builder.forTopicNames(
            new OffsetCommitRequestData().setGroupId(group).setTopics(List.of(topic)))
        .build();
  }
}
