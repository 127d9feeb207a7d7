package io.weft.programs.tools;

import io.weft.programs.Target;
import io.weft.server.process.KafkaPeer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Kafka's command-line tools, each run as a process of its own with the target as its bootstrap
/// server.
record Tools(Path folder, Target target) {
  String consumerGroups(String... arguments) throws InterruptedException {
    return run("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", arguments);
  }

  String shareGroups(String... arguments) throws InterruptedException {
    return run("org.apache.kafka.tools.consumer.group.ShareGroupCommand", arguments);
  }

  String streamsGroups(String... arguments) throws InterruptedException {
    return run("org.apache.kafka.tools.streams.StreamsGroupCommand", arguments);
  }

  String groups(String... arguments) throws InterruptedException {
    return run("org.apache.kafka.tools.GroupsCommand", arguments);
  }

  String transactions(String... arguments) throws InterruptedException {
    return run("org.apache.kafka.tools.TransactionsCommand", arguments);
  }

  String topics(String... arguments) throws InterruptedException {
    return run("org.apache.kafka.tools.TopicCommand", arguments);
  }

  String configs(String... arguments) throws InterruptedException {
    return run("kafka.admin.ConfigCommand", arguments);
  }

  String clientMetrics(String... arguments) throws InterruptedException {
    return run("org.apache.kafka.tools.ClientMetricsCommand", arguments);
  }

  /// @return what it printed
  /// @throws IllegalStateException with that, if it says that it failed
  String run(String tool, String... arguments) throws InterruptedException {
    return KafkaPeer.run(folder, tool, arguments(arguments), "").strip();
  }

  /// As [#run], with something to read.
  String feed(String input, String tool, String... arguments) throws InterruptedException {
    return KafkaPeer.run(folder, tool, arguments(arguments), input).strip();
  }

  private List<String> arguments(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--bootstrap-server", target.address()));
    all.addAll(List.of(arguments));
    return all;
  }
}
