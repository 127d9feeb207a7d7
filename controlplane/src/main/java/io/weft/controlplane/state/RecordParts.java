package io.weft.controlplane.state;

import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.StateRecord.AgentRegistered;
import io.weft.model.AgentId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// Bytes that records and snapshots share.
///
/// ```
/// topicId  = high:8 low:8
/// agent    = id instance:16 zone:string host:string port
/// settings = count (name:string value:string)*             by name order
/// ```
public final class RecordParts {
  private RecordParts() {}

  static void writeTopicId(WireWriter out, TopicId topic) {
    out.writeLong(topic.high());
    out.writeLong(topic.low());
  }

  static TopicId readTopicId(WireReader in) {
    return new TopicId(in.readLong(), in.readLong());
  }

  static void writeAgent(WireWriter out, Agent agent, UUID instance) {
    out.writeVarInt(agent.id().value());
    out.writeLong(instance.getMostSignificantBits());
    out.writeLong(instance.getLeastSignificantBits());
    out.writeString(agent.zone().name());
    out.writeString(agent.host());
    out.writeVarInt(agent.port());
  }

  static AgentRegistered readAgent(WireReader in) {
    return new AgentRegistered(
        new AgentId(in.readVarInt()),
        new UUID(in.readLong(), in.readLong()),
        new Zone(in.readString()),
        in.readString(),
        in.readVarInt());
  }

  public static void writeSettings(WireWriter out, Map<String, String> settings) {
    out.writeVarInt(settings.size());
    new TreeMap<>(settings)
        .forEach(
            (name, value) -> {
              out.writeString(name);
              out.writeString(value);
            });
  }

  public static Map<String, String> readSettings(WireReader in) {
    Map<String, String> settings = new TreeMap<>();
    int count = in.readCount(2);
    for (int i = 0; i < count; i++) {
      String name = in.readString();
      if (settings.put(name, in.readString()) != null) {
        throw new MalformedBytesException("a setting twice: " + name);
      }
    }
    return Collections.unmodifiableMap(settings);
  }

  /// A copy of one's own, in name order.
  public static Map<String, String> sorted(Map<String, String> settings) {
    return Collections.unmodifiableMap(new TreeMap<>(settings));
  }
}
