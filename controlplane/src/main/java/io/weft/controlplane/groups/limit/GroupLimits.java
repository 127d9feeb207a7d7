package io.weft.controlplane.groups.limit;

import io.weft.controlplane.state.groups.GroupCounts;
import io.weft.controlplane.state.groups.GroupRecord;
import io.weft.controlplane.state.groups.GroupTable;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.OpaqueBytes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.PolicyViolationException;

/// How much there may be of groups. What would be more is refused with POLICY_VIOLATION, as a
/// whole; letting go of something is always possible.
///
/// @param groupsMax of all kinds together
/// @param offsetsPerGroupMax committed offsets of one group, those of open transactions included
/// @param tableBytesMax bytes of all records the coordinator keeps
public record GroupLimits(int groupsMax, int offsetsPerGroupMax, long tableBytesMax) {
  public static final GroupLimits DEFAULT = new GroupLimits(100_000, 200_000, 256L << 20);

  /// Bytes of all records one request may lead to; more is an INVALID_REQUEST.
  public static final long REQUEST_BYTES_MAX = 32L << 20;

  /// Bytes of all records of what nobody asked for: room for the tombstones of everything.
  public static final long OPERATION_BYTES_MAX = 192L << 20;

  /// Records after which no more operations that are due are run in the same turn.
  public static final long DUE_RECORDS_MAX = 10_000;

  /// Characters of an instance's id, of which member ids are made that have to fit into records.
  public static final int INSTANCE_ID_CHARS_MAX = 10_000;

  /// Characters of what a client is told in words: what it named itself may be repeated in it, and
  /// the whole must fit into a response's field.
  public static final int MESSAGE_CHARS_MAX = 1_000;

  /// Bytes of what is asked for in one response (groups described, say); those over it are refused
  /// one by one.
  public static final int RESPONSE_PARTS_BYTES_MAX = 32 << 20;

  /// Bytes of one response, with its refusals.
  public static final int RESPONSE_BYTES_MAX = 40 << 20;

  /// @param message may be null
  public static String shortened(String message) {
    return message == null || message.length() <= MESSAGE_CHARS_MAX
        ? message
        : message.substring(0, MESSAGE_CHARS_MAX) + "…";
  }

  public void check(GroupTable table, List<StateRecord> rows, long bytesMax) {
    Growth growth = new Growth();
    for (StateRecord row : rows) {
      switch (row) {
        case GroupRecord.GroupRowPut put -> count(table, put, growth);
        case GroupRecord.GroupRowDropped dropped -> growth.bytes += dropped.key().size();
        default -> throw new IllegalArgumentException("no record of groups");
      }
    }
    if (growth.bytes > bytesMax) {
      throw new InvalidRequestException(
          "This would take %d bytes of records; %d are allowed.".formatted(growth.bytes, bytesMax));
    }
    if (growth.more > 0 && table.counts().bytes() + growth.more > tableBytesMax) {
      throw new PolicyViolationException(
          "All groups together take %d bytes already; %d are allowed."
              .formatted(table.counts().bytes(), tableBytesMax));
    }
  }

  /// What some rows would add. Owned by one thread.
  private static final class Growth {
    private final Set<String> groups = new HashSet<>();
    private final Map<String, Integer> offsets = new HashMap<>();
    private long bytes;
    private long more;
  }

  private void count(GroupTable table, GroupRecord.GroupRowPut put, Growth growth) {
    OpaqueBytes key = put.key();
    int bytes = key.size() + put.value().size();
    growth.bytes += bytes;
    OptionalInt before = table.valueBytes(key);
    if (before.isPresent()) {
      growth.more += Math.max(0, put.value().size() - before.getAsInt());
      return;
    }
    growth.more += bytes;
    GroupCounts counts = table.counts();
    String group = GroupCounts.groupOf(key);
    if (!counts.knows(group)
        && growth.groups.add(group)
        && counts.groups() + growth.groups.size() > groupsMax) {
      throw new PolicyViolationException(
          "There are %d groups already; %d are allowed.".formatted(counts.groups(), groupsMax));
    }
    if (GroupCounts.isOffset(key)
        && counts.offsets(group) + growth.offsets.merge(group, 1, Integer::sum)
            > offsetsPerGroupMax) {
      throw new PolicyViolationException(
          "The group would have more than %d committed offsets.".formatted(offsetsPerGroupMax));
    }
  }
}
