package io.weft.controlplane.state.topic;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.ConfigureOutcome;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.GrowOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.api.TopicSettingLimits;
import io.weft.controlplane.api.topic.DeletedTopics.UndeleteOutcome;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Rows;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.Decision;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.topic.TopicRecord.RetiredTopicLetGo;
import io.weft.controlplane.state.topic.TopicRecord.TopicConfigured;
import io.weft.controlplane.state.topic.TopicRecord.TopicCreated;
import io.weft.controlplane.state.topic.TopicRecord.TopicDeleted;
import io.weft.controlplane.state.topic.TopicRecord.TopicGrown;
import io.weft.controlplane.state.topic.TopicRecord.TopicRestored;
import io.weft.controlplane.state.topic.TopicRecord.TopicRetired;
import io.weft.model.Invariant;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The topics and their settings. Owned by one thread.
public final class Topics implements StatePart {
  static final int NAME_CHARS_MAX = 249;

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]+");

  private static final Rows<Topic> ROWS = Shapes.unlimited().rowsOf(Topic.class);

  private final NavigableMap<String, Topic> byName = new TreeMap<>();
  private final Map<TopicId, Topic> byId = new HashMap<>();

  /// Names with `_` for `.`: Kafka's metric names cannot tell the two, so topics must not share
  /// one.
  private final Map<String, String> byMetricName = new HashMap<>();

  private final RetiredTopics retired = new RetiredTopics();

  private long partitions;

  /// Of all topics' settings.
  private long settingChars;

  /// What [#list] gives, until something changes; empty if it must be made anew.
  private List<Topic> listed = List.of();

  public Optional<Topic> find(TopicId topic) {
    return Optional.ofNullable(byId.get(topic));
  }

  /// To be read only.
  public NavigableMap<String, Topic> byName() {
    return byName;
  }

  /// To be read only, and found by id only.
  public Map<TopicId, Topic> byId() {
    return byId;
  }

  /// Those that were deleted and can come back; to be read only.
  public RetiredTopics retired() {
    return retired;
  }

  /// By name order.
  public List<Topic> list() {
    if (listed.size() != byName.size()) {
      listed = List.copyOf(byName.values());
    }
    return listed;
  }

  public Decision<CreateOutcome> decideCreate(NewTopic topic) {
    checkName(topic.name());
    TopicSettingLimits.check(Map.of(), topic.settings());
    if (topic.partitions() < 1) {
      throw new ControlPlaneException.Rejected(
          "a topic cannot have %d partitions".formatted(topic.partitions()));
    }
    Topic sameId = byId.get(topic.id());
    if (sameId != null) {
      if (sameId.name().equals(topic.name())) {
        return Decision.of(CreateOutcome.CREATED);
      }
      throw new ControlPlaneException.Rejected(
          "topic id %s is that of %s".formatted(topic.id(), sameId.name()));
    }
    if (retired.find(topic.id()).isPresent()) {
      throw new ControlPlaneException.Rejected(
          "topic id %s is that of a deleted topic".formatted(topic.id()));
    }
    Optional<NameClash> clash = clash(topic.name());
    if (clash.isPresent()) {
      return Decision.of(
          switch (clash.get()) {
            case TAKEN -> CreateOutcome.NAME_TAKEN;
            case COLLIDES -> CreateOutcome.NAME_COLLIDES;
          });
    }
    boolean fits =
        fitsBesideOthers(topic.partitions(), topic.settings())
            && canBeShown(topic.partitions(), topic.replicationFactor());
    if (!fits) {
      return Decision.of(CreateOutcome.LIMIT_REACHED);
    }
    NewTopic own =
        new NewTopic(
            topic.id(),
            topic.name(),
            topic.partitions(),
            topic.replicationFactor(),
            sorted(topic.settings()));
    return Decision.of(new TopicCreated(own), CreateOutcome.CREATED);
  }

  public Decision<Boolean> decideDelete(TopicId topic) {
    return byId.containsKey(topic)
        ? Decision.of(new TopicDeleted(topic), true)
        : Decision.of(false);
  }

  /// A deletion after which the topic can come back.
  ///
  /// @param untilMs until when
  public Decision<Boolean> decideRetire(TopicId id, long nowMs, long untilMs) {
    Topic topic = byId.get(id);
    if (topic == null) {
      return Decision.of(false);
    }
    List<StateRecord> records = new ArrayList<>(retired.roomFor(topic));
    records.add(new TopicRetired(id, nowMs, untilMs));
    return new Decision<>(List.copyOf(records), true);
  }

  /// A topic that is there under this name counts as undeleted: the answer to the first call may
  /// have been lost.
  public Decision<UndeleteOutcome> decideRestore(TopicId id, String name) {
    checkName(name);
    Topic there = byId.get(id);
    if (there != null && there.name().equals(name)) {
      return Decision.of(UndeleteOutcome.UNDELETED);
    }
    Optional<Topic> kept = retired.find(id).map(RetiredTopics.Retired::topic);
    if (kept.isEmpty()) {
      return Decision.of(UndeleteOutcome.NOT_KEPT);
    }
    Optional<NameClash> clash = clash(name);
    if (clash.isPresent()) {
      return Decision.of(
          switch (clash.get()) {
            case TAKEN -> UndeleteOutcome.NAME_TAKEN;
            case COLLIDES -> UndeleteOutcome.NAME_COLLIDES;
          });
    }
    int count = kept.get().partitions();
    return fitsBesideOthers(count, kept.get().settings())
        ? Decision.of(new TopicRestored(id, name, count), UndeleteOutcome.UNDELETED)
        : Decision.of(UndeleteOutcome.LIMIT_REACHED);
  }

  public Decision<Boolean> decideLetGo(TopicId id) {
    return retired.find(id).isPresent()
        ? Decision.of(new RetiredTopicLetGo(id), true)
        : Decision.of(false);
  }

  public Decision<GrowOutcome> decideGrow(TopicId id, int count) {
    Topic topic = byId.get(id);
    if (topic == null) {
      return Decision.of(GrowOutcome.UNKNOWN_TOPIC);
    }
    if (count <= topic.partitions()) {
      return Decision.of(GrowOutcome.NOT_MORE);
    }
    return fits(count, count - topic.partitions()) && canBeShown(count, topic.replicationFactor())
        ? Decision.of(new TopicGrown(id, count), GrowOutcome.GROWN)
        : Decision.of(GrowOutcome.LIMIT_REACHED);
  }

  /// Settings that are already so count as configured whatever their version: the answer to the
  /// first call may have been lost.
  public Decision<ConfigureOutcome> decideConfigure(
      TopicId id, long expectedVersion, Map<String, String> settings) {
    Topic topic = byId.get(id);
    if (topic == null) {
      return Decision.of(ConfigureOutcome.UNKNOWN_TOPIC);
    }
    if (topic.settings().equals(settings)) {
      return Decision.of(ConfigureOutcome.CONFIGURED);
    }
    if (topic.settingsVersion() != expectedVersion) {
      return Decision.of(ConfigureOutcome.VERSION_CHANGED);
    }
    TopicSettingLimits.check(topic.settings(), settings);
    long more = TopicSettingLimits.chars(settings) - TopicSettingLimits.chars(topic.settings());
    return settingsFit(more)
        ? Decision.of(new TopicConfigured(id, sorted(settings)), ConfigureOutcome.CONFIGURED)
        : Decision.of(ConfigureOutcome.LIMIT_REACHED);
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    switch ((TopicRecord) record) {
      case TopicCreated created -> replay(created);
      case TopicDeleted(TopicId id) -> remove(id);
      case TopicGrown grown -> replay(grown);
      case TopicConfigured configured -> replay(configured);
      case TopicRetired(TopicId id, long timeMs, long untilMs) ->
          retired.add(new RetiredTopics.Retired(remove(id), timeMs, untilMs));
      case TopicRestored restored -> replay(restored);
      case RetiredTopicLetGo(TopicId id) -> retired.remove(id);
    }
  }

  private void replay(TopicCreated record) {
    NewTopic topic = record.topic();
    Invariant.check(!byId.containsKey(topic.id()), "a topic is created twice");
    put(
        new Topic(
            topic.id(),
            topic.name(),
            topic.partitions(),
            topic.replicationFactor(),
            0,
            topic.settings()));
  }

  private Topic remove(TopicId id) {
    Topic topic = known(id);
    byId.remove(topic.id());
    byName.remove(topic.name());
    byMetricName.remove(metricName(topic.name()));
    uncount(topic);
    listed = List.of();
    return topic;
  }

  private void replay(TopicRestored record) {
    Topic topic = retired.remove(record.topic()).topic();
    put(
        new Topic(
            topic.id(),
            record.name(),
            topic.partitions(),
            topic.replicationFactor(),
            topic.settingsVersion(),
            topic.settings()));
  }

  private void replay(TopicGrown record) {
    Topic topic = known(record.topic());
    uncount(topic);
    put(
        new Topic(
            topic.id(),
            topic.name(),
            record.partitions(),
            topic.replicationFactor(),
            topic.settingsVersion(),
            topic.settings()));
  }

  private void replay(TopicConfigured record) {
    Topic topic = known(record.topic());
    uncount(topic);
    put(
        new Topic(
            topic.id(),
            topic.name(),
            topic.partitions(),
            topic.replicationFactor(),
            topic.settingsVersion() + 1,
            record.settings()));
  }

  @Override
  public void write(WireWriter out) {
    ROWS.write(byName.values(), topic -> topic, out);
    if (out.level() > Levels.FIRST) {
      retired.write(out);
    }
  }

  @Override
  public void read(WireReader in) {
    ROWS.read(in, this::put);
    if (in.level() > Levels.FIRST) {
      retired.read(in);
    }
  }

  /// A count that is over the limits cannot have been decided, and would be allocated for.
  private void put(Topic topic) {
    int count = topic.partitions();
    Invariant.check(count >= 1 && fits(count, count), "a topic of %d partitions", count);
    byId.put(topic.id(), topic);
    byName.put(topic.name(), topic);
    byMetricName.put(metricName(topic.name()), topic.name());
    partitions += topic.partitions();
    settingChars += TopicSettingLimits.chars(topic.settings());
    listed = List.of();
  }

  private void uncount(Topic topic) {
    partitions -= topic.partitions();
    settingChars -= TopicSettingLimits.chars(topic.settings());
  }

  private Topic known(TopicId id) {
    Topic topic = byId.get(id);
    Invariant.check(topic != null, "a record of a topic that is not there");
    return topic;
  }

  private boolean fits(int ofTopic, int more) {
    return ofTopic <= TopicCatalog.PARTITIONS_PER_TOPIC_MAX
        && partitions + more <= TopicCatalog.PARTITIONS_MAX;
  }

  private boolean fitsBesideOthers(int count, Map<String, String> settings) {
    return byId.size() < TopicCatalog.TOPICS_MAX
        && fits(count, count)
        && settingsFit(TopicSettingLimits.chars(settings));
  }

  /// Why no topic can have a name.
  private enum NameClash {
    TAKEN,
    COLLIDES
  }

  private Optional<NameClash> clash(String name) {
    String same = byMetricName.get(metricName(name));
    return same == null
        ? Optional.empty()
        : Optional.of(same.equals(name) ? NameClash.TAKEN : NameClash.COLLIDES);
  }

  private static boolean canBeShown(int partitions, short replicationFactor) {
    return (long) partitions * replicationFactor <= TopicCatalog.REPLICAS_PER_TOPIC_MAX;
  }

  /// Settings may always become fewer: there may be too many from before there was a limit.
  private boolean settingsFit(long moreChars) {
    return moreChars <= 0 || settingChars + moreChars <= TopicCatalog.SETTING_CHARS_IN_ALL_MAX;
  }

  /// A copy that belongs to the caller, in name order.
  private static Map<String, String> sorted(Map<String, String> settings) {
    return Collections.unmodifiableMap(new TreeMap<>(settings));
  }

  private static String metricName(String name) {
    return name.replace('.', '_');
  }

  private static void checkName(String name) {
    if (name.length() > NAME_CHARS_MAX
        || !NAME.matcher(name).matches()
        || name.equals(".")
        || name.equals("..")) {
      throw new ControlPlaneException.Rejected(
          "a topic's name is 1 to %d of a-z, A-Z, 0-9, '.', '_' and '-', but not '.' or '..'"
              .formatted(NAME_CHARS_MAX));
    }
  }
}
