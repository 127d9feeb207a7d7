package io.weft.controlplane.state.topic;

import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.api.TopicSettingLimits;
import io.weft.controlplane.api.topic.DeletedTopics;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Rows;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.topic.TopicRecord.RetiredTopicLetGo;
import io.weft.model.Invariant;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Topics that were deleted and can come back, in the order in which they were deleted. Owned by
/// one thread.
public final class RetiredTopics {
  private static final Rows<Retired> ROWS = Shapes.unlimited().rowsOf(Retired.class);

  private final Map<TopicId, Retired> byId = new LinkedHashMap<>();
  private long partitions;
  private long settingChars;

  /// A deleted topic.
  ///
  /// @param topic as it was
  /// @param deletedMs when it was deleted
  /// @param untilMs until when it is kept
  public record Retired(Topic topic, long deletedMs, long untilMs) {}

  public Optional<Retired> find(TopicId topic) {
    return Optional.ofNullable(byId.get(topic));
  }

  /// To be read only, in the order of their deletion.
  public Collection<Retired> all() {
    return byId.values();
  }

  /// The first one whose time has passed.
  public Optional<TopicId> past(long nowMs) {
    for (Retired each : byId.values()) {
      if (each.untilMs() <= nowMs) {
        return Optional.of(each.topic().id());
      }
    }
    return Optional.empty();
  }

  /// Which have to go, so that there is room for one more.
  List<StateRecord> roomFor(Topic topic) {
    List<StateRecord> going = new ArrayList<>();
    int count = byId.size();
    long held = partitions;
    long chars = settingChars + TopicSettingLimits.chars(topic.settings());
    Iterator<Retired> oldest = byId.values().iterator();
    while (oldest.hasNext()
        && (count >= DeletedTopics.TOPICS_MAX
            || held + topic.partitions() > DeletedTopics.PARTITIONS_MAX
            || chars > DeletedTopics.SETTING_CHARS_MAX)) {
      Topic first = oldest.next().topic();
      going.add(new RetiredTopicLetGo(first.id()));
      count--;
      held -= first.partitions();
      chars -= TopicSettingLimits.chars(first.settings());
    }
    return going;
  }

  void add(Retired retired) {
    Topic topic = retired.topic();
    Invariant.check(byId.put(topic.id(), retired) == null, "a topic is deleted twice");
    partitions += topic.partitions();
    settingChars += TopicSettingLimits.chars(topic.settings());
  }

  Retired remove(TopicId topic) {
    Retired retired = byId.remove(topic);
    Invariant.check(retired != null, "a record of a deleted topic that is not kept");
    partitions -= retired.topic().partitions();
    settingChars -= TopicSettingLimits.chars(retired.topic().settings());
    return retired;
  }

  void write(WireWriter out) {
    ROWS.write(byId.values(), retired -> retired, out);
  }

  /// Counts that are over the limits cannot have been decided, and would be allocated for.
  void read(WireReader in) {
    ROWS.read(in, this::addRead);
  }

  private void addRead(Retired retired) {
    int count = retired.topic().partitions();
    Invariant.check(
        count >= 1 && partitions + count <= DeletedTopics.PARTITIONS_MAX,
        "a deleted topic of %d partitions",
        count);
    add(retired);
  }
}
