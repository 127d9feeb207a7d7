package io.weft.controlplane.state.groups;

import io.weft.model.OpaqueBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// How much a [GroupTable] holds of each group, staged rows included. Owned by one thread.
///
/// Of a row's key it knows only how every key of the coordinator begins:
///
///     key = kind:short groupLength:short group:bytes …      (kinds 0 and 1: a committed offset)
public final class GroupCounts {
  private static final int OFFSET_KIND_MAX = 1;
  private static final int HEAD_BYTES = 2 * Short.BYTES;

  private final Map<String, Count> groups = new HashMap<>();
  private long bytes;

  private static final class Count {
    private int rows;
    private int offsets;
  }

  /// Groups that have any row.
  public int groups() {
    return groups.size();
  }

  public boolean knows(String group) {
    return groups.containsKey(group);
  }

  /// Committed offsets of a group; one that is staged too counts again.
  public int offsets(String group) {
    Count count = groups.get(group);
    return count == null ? 0 : count.offsets;
  }

  /// Of all keys and values.
  public long bytes() {
    return bytes;
  }

  /// The group a key belongs to; empty if the key names none.
  public static String groupOf(OpaqueBytes key) {
    byte[] all = key.array();
    if (all.length < HEAD_BYTES) {
      return "";
    }
    int length = ByteBuffer.wrap(all).getShort(Short.BYTES);
    return length < 0 || length > all.length - HEAD_BYTES
        ? ""
        : new String(all, HEAD_BYTES, length, StandardCharsets.UTF_8);
  }

  public static boolean isOffset(OpaqueBytes key) {
    byte[] all = key.array();
    return all.length >= HEAD_BYTES && ByteBuffer.wrap(all).getShort(0) <= OFFSET_KIND_MAX;
  }

  void came(GroupTable.Row row) {
    Count count = groups.computeIfAbsent(groupOf(row.key()), _ -> new Count());
    count.rows++;
    count.offsets += isOffset(row.key()) ? 1 : 0;
    bytes += row.key().size() + row.value().size();
  }

  void left(GroupTable.Row row) {
    String group = groupOf(row.key());
    Count count = groups.get(group);
    count.rows--;
    count.offsets -= isOffset(row.key()) ? 1 : 0;
    bytes -= row.key().size() + row.value().size();
    if (count.rows == 0) {
      groups.remove(group);
    }
  }
}
