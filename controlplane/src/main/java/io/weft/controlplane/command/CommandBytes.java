package io.weft.controlplane.command;

import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.transaction.Transactions.ActiveProducer;
import io.weft.controlplane.api.transaction.Transactions.Description;
import io.weft.controlplane.api.transaction.Transactions.Listed;
import io.weft.controlplane.codec.WireWriter;
import java.util.List;
import java.util.Optional;

/// About how many bytes of memory commands and their replies take while they wait. Stateless.
public final class CommandBytes {
  /// Of a row of numbers: a batch, a partition, a producer.
  private static final long ROW_BYTES = 64;

  private CommandBytes() {}

  public static long of(Command<?> command) {
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

  static long ofDescriptions(List<Optional<Description>> descriptions) {
    long rows = descriptions.size();
    for (Optional<Description> each : descriptions) {
      rows += each.map(found -> found.partitions().size()).orElse(0);
    }
    return rows * ROW_BYTES;
  }

  static long ofProducers(List<Optional<List<ActiveProducer>>> partitions) {
    long rows = partitions.size();
    for (Optional<List<ActiveProducer>> each : partitions) {
      rows += each.map(List::size).orElse(0);
    }
    return rows * ROW_BYTES;
  }

  static long ofListed(List<Listed> listed) {
    long bytes = 0;
    for (Listed each : listed) {
      bytes += ROW_BYTES + 2L * each.transactionalId().length();
    }
    return bytes;
  }
}
