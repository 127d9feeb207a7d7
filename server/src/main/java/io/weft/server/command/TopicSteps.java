package io.weft.server.command;

import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.topic.DeletedTopics;
import io.weft.controlplane.api.topic.DeletedTopics.DeletedTopic;
import io.weft.controlplane.rpc.RpcClientSettings;
import io.weft.controlplane.rpc.RpcPort;
import io.weft.environment.Environment;
import io.weft.model.TopicId;
import io.weft.server.address.Addresses;
import io.weft.server.settings.SettingException;
import io.weft.server.settings.Settings;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/// What an operator asks and says of deleted topics. Ids are written as Kafka's tools write them.
final class TopicSteps {
  /// The level from which on deleted topics are kept.
  private static final int KEPT_SINCE = 2;

  private TopicSteps() {}

  static void list(Settings settings, PrintWriter out) {
    try (RpcPort port = connect(settings)) {
      List<DeletedTopic> topics = all(port.as(DeletedTopics.class));
      topics.stream()
          .sorted(
              Comparator.comparing(DeletedTopic::name).thenComparingLong(DeletedTopic::deletedMs))
          .map(TopicSteps::described)
          .forEach(out::println);
      if (topics.isEmpty()) {
        out.println("There is no deleted topic that can be brought back." + whyNot(port));
      }
    }
  }

  static void undelete(Settings settings, PrintWriter out) {
    try (RpcPort port = connect(settings)) {
      DeletedTopics deleted = port.as(DeletedTopics.class);
      DeletedTopic topic = chosen(settings, port);
      String newName = settings.text("new.name");
      String name = newName.isEmpty() ? topic.name() : newName;
      switch (deleted.undelete(topic.id(), name)) {
        case UNDELETED -> out.printf("Topic %s is there again, with id %s.%n", name, id(topic));
        case NOT_KEPT ->
            throw new SettingException(
                "Topic %s of id %s has been let go meanwhile.".formatted(topic.name(), id(topic)));
        case NAME_TAKEN ->
            throw new SettingException(
                "There is another topic %s; give this one another name with --new-name."
                    .formatted(name));
        case NAME_COLLIDES ->
            throw new SettingException(
                "The name of another topic differs from %s only in '.' and '_'; give this one another name with --new-name."
                    .formatted(name));
        case LIMIT_REACHED ->
            throw new SettingException(
                "There would be too many topics, partitions or settings of topics; see"
                    + " docs/guarantees-and-limits.md.");
      }
    }
  }

  static void letGo(Settings settings, PrintWriter out) {
    try (RpcPort port = connect(settings)) {
      DeletedTopics deleted = port.as(DeletedTopics.class);
      DeletedTopic topic = chosen(settings, port);
      deleted.letGo(topic.id());
      out.printf("Topic %s of id %s is gone for good.%n", topic.name(), id(topic));
    }
  }

  /// A sentence more, if it is no wonder.
  private static String whyNot(RpcPort port) {
    return port.as(Releases.class).describe().cluster() < KEPT_SINCE
        ? " None is kept before level %d is final: see 'weft upgrade status'.".formatted(KEPT_SINCE)
        : "";
  }

  private static List<DeletedTopic> all(DeletedTopics deleted) {
    List<DeletedTopic> all = new ArrayList<>();
    Optional<TopicId> after = Optional.empty();
    List<DeletedTopic> page = deleted.list(after);
    while (!page.isEmpty()) {
      all.addAll(page);
      page = deleted.list(Optional.of(page.getLast().id()));
    }
    return all;
  }

  private static DeletedTopic chosen(Settings settings, RpcPort port) {
    String name = settings.text("topic");
    String id = settings.text("topic.id");
    if (name.isEmpty() && id.isEmpty()) {
      throw new SettingException(
          "Say which topic, with --topic or --topic-id; 'weft topics deleted' lists them.");
    }
    List<DeletedTopic> found =
        all(port.as(DeletedTopics.class)).stream()
            .filter(each -> name.isEmpty() || each.name().equals(name))
            .filter(each -> id.isEmpty() || id(each).equals(id))
            .toList();
    if (found.isEmpty()) {
      throw new SettingException(
          "No such topic can be brought back; 'weft topics deleted' lists those that can."
              + whyNot(port));
    }
    if (found.size() > 1) {
      throw new SettingException(
          "%d deleted topics had the name %s; say which with --topic-id, 'weft topics deleted' lists them."
              .formatted(found.size(), name));
    }
    return found.getFirst();
  }

  private static String described(DeletedTopic topic) {
    return "%s  id %s  partitions %d  bytes %d  deleted %s  kept until %s"
        .formatted(
            topic.name(),
            id(topic),
            topic.partitions(),
            topic.bytes(),
            time(topic.deletedMs()),
            time(topic.untilMs()));
  }

  private static String id(DeletedTopic topic) {
    return new Uuid(topic.id().high(), topic.id().low()).toString();
  }

  private static Instant time(long ms) {
    return Instant.ofEpochMilli(ms).truncatedTo(ChronoUnit.SECONDS);
  }

  private static RpcPort connect(Settings settings) {
    return RpcPort.connect(
        Addresses.several("control.plane", settings.text("control.plane")),
        RpcClientSettings.defaults(),
        Environment.system());
  }
}
