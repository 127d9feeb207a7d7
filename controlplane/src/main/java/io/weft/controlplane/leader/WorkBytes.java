package io.weft.controlplane.leader;

import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.transaction.Transactions.Description;
import io.weft.controlplane.api.transaction.Transactions.Listed;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandCodec;
import io.weft.model.OpaqueBytes;
import java.util.List;
import java.util.Optional;

/// About how many bytes of memory commands and their replies take while they wait. Stateless.
final class WorkBytes {
  /// Of a row of numbers: a batch, a partition, a producer.
  private static final long ROW_BYTES = 64;

  private WorkBytes() {}

  static long of(Command<?> command) {
    return switch (command) {
      case Command.AskGroups(GroupRequest request) -> ROW_BYTES + request.body().size();
      case Command.Commit commit -> batches(commit.files()) * ROW_BYTES;
      case Command.FindExtents find -> find.queries().size() * ROW_BYTES;
      case Command.FindExtentsByTime find -> find.queries().size() * ROW_BYTES;
      case Command<?> other -> encoded(other);
    };
  }

  private static long batches(List<UploadedFile> files) {
    long rows = 0;
    for (UploadedFile file : files) {
      for (UploadedBatches batches : file.partitions()) {
        rows += batches.lengths().length;
      }
    }
    return rows;
  }

  private static long encoded(Command<?> command) {
    WireWriter out = new WireWriter();
    CommandCodec.writeCommand(command, out);
    return out.size();
  }

  /// What is always short counts as nothing.
  static long ofReply(Object reply) {
    return switch (reply) {
      case OpaqueBytes bytes -> bytes.size();
      case Listed listed -> ROW_BYTES + 2L * listed.transactionalId().length();
      case Description described -> described.partitions().size() * ROW_BYTES;
      case Optional<?> maybe -> maybe.map(WorkBytes::ofReply).orElse(0L);
      case List<?> many -> {
        long bytes = many.size() * ROW_BYTES;
        for (Object each : many) {
          bytes += ofReply(each);
        }
        yield bytes;
      }
      case Object _ -> 0;
    };
  }
}
