package io.weft.controlplane.leader;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.ShareGroups.Acquired;
import io.weft.controlplane.api.ShareGroups.Acquisition;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.admin.ClientQuotas.Part;
import io.weft.controlplane.api.admin.ClientQuotas.Quota;
import io.weft.controlplane.api.admin.ClientQuotas.Quotas;
import io.weft.controlplane.api.admin.ResourceSettings.Configured;
import io.weft.controlplane.api.admin.ResourceSettings.Resource;
import io.weft.controlplane.api.admin.ScramCredentials.Described;
import io.weft.controlplane.api.transaction.Transactions.Description;
import io.weft.controlplane.api.transaction.Transactions.Listed;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.AdminCommand;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandCodec;
import io.weft.model.OpaqueBytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// About how many bytes of memory commands and their replies take while they wait. Stateless.
final class WorkBytes {
  /// Of a row of numbers: a batch, a partition, a producer.
  private static final long ROW_BYTES = 64;

  /// Of what became of a batch: a verdict, an offset and a time.
  private static final long BATCH_OUTCOME_BYTES = 17;

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
  ///
  /// @param reply to the command
  static long ofReply(Command<?> command, Object reply) {
    return switch (command) {
      case Command.FindExtents _, Command.FindExtentsByTime _ ->
          each(reply, ExtentsFound.class, WorkBytes::extents);
      case Command.Commit _ -> each(reply, FileOutcome.class, WorkBytes::outcomes);
      case Command.AcquireShared _ ->
          each(((Acquisition) reply).partitions(), Acquired.class, WorkBytes::runs);
      case Command.ReadCatalog _ -> page((Page) reply);
      case Command.AskGroups _ -> ((OpaqueBytes) reply).size();
      case Command.DescribeTransactions _ -> each(reply, Optional.class, WorkBytes::described);
      case Command.ListTransactions _ ->
          each(reply, Listed.class, listed -> chars(listed.transactionalId()));
      case Command.DescribeProducers _ -> each(reply, Optional.class, WorkBytes::producers);
      case Command.PartitionSizes _, Command.DeleteRecords _, Command.AcknowledgeShared _ ->
          rows((List<?>) reply);
      case Command.LeaseFileIds _,
          Command.LeaseProducerIds _,
          Command.CreateTopic _,
          Command.DeleteTopic _,
          Command.GrowTopic _,
          Command.ConfigureTopic _,
          Command.RegisterAgent _,
          Command.RenewAgent _,
          Command.LeaveAgent _,
          Command.TakeTransactionStep _,
          Command.ReleaseShared _,
          Command.BeginShared _,
          Command.StartSharedAt _ ->
          0;
      case AdminCommand<?> admin -> ofAdminReply(admin, reply);
    };
  }

  private static long ofAdminReply(AdminCommand<?> command, Object reply) {
    return switch (command) {
      case AdminCommand.ReadResources _ ->
          ((Optional<?>) reply)
              .map(Configured.class::cast)
              .map(it -> each(it.resources(), Resource.class, WorkBytes::resource))
              .orElse(0L);
      case AdminCommand.ReadQuotas _ ->
          ((Optional<?>) reply)
              .map(Quotas.class::cast)
              .map(it -> each(it.quotas(), Quota.class, WorkBytes::quota))
              .orElse(0L);
      case AdminCommand.DescribeCredentials _ ->
          each(reply, Described.class, described -> chars(described.user()));
      case AdminCommand.ConfigureResource _,
          AdminCommand.AlterQuota _,
          AdminCommand.FindCredential _,
          AdminCommand.PutCredential _,
          AdminCommand.RemoveCredential _,
          AdminCommand.DescribeQuorum _ ->
          0;
    };
  }

  private static long extents(ExtentsFound found) {
    return switch (found) {
      case ExtentsFound.Found(_, List<?> spans, List<?> aborted) -> rows(spans) + rows(aborted);
      case ExtentsFound.OutOfRange _, ExtentsFound.UnknownPartition _ -> 0;
    };
  }

  private static long outcomes(FileOutcome outcome) {
    return switch (outcome) {
      case FileOutcome.Committed(List<BatchOutcomes> partitions) ->
          each(partitions, BatchOutcomes.class, batches -> batches.count() * BATCH_OUTCOME_BYTES);
      case FileOutcome.Expired _ -> 0;
    };
  }

  private static long runs(Acquired acquired) {
    return switch (acquired) {
      case Acquired.Runs(_, List<?> runs, _) -> rows(runs);
      case Acquired.NeedsStart _, Acquired.NotBegun _, Acquired.UnknownPartition _ -> 0;
    };
  }

  private static long page(Page page) {
    return each(page.topics(), Topic.class, it -> chars(it.name()) + settings(it.settings()))
        + rows(page.deleted())
        + page.members().map(it -> each(it.agents(), Agent.class, _ -> ROW_BYTES)).orElse(0L);
  }

  private static long described(Optional<?> maybe) {
    return maybe.map(it -> rows(((Description) it).partitions())).orElse(0L);
  }

  private static long producers(Optional<?> maybe) {
    return maybe.map(it -> rows((List<?>) it)).orElse(0L);
  }

  private static long resource(Resource resource) {
    return chars(resource.name()) + settings(resource.settings());
  }

  private static long quota(Quota quota) {
    long bytes = rows(quota.entity().parts()) + quota.values().size() * ROW_BYTES;
    for (Part part : quota.entity().parts()) {
      bytes += part.name().map(WorkBytes::chars).orElse(0L);
    }
    return bytes;
  }

  private static long settings(Map<String, String> settings) {
    long bytes = settings.size() * ROW_BYTES;
    for (String value : settings.values()) {
      bytes += chars(value);
    }
    return bytes;
  }

  private static long chars(String text) {
    return 2L * text.length();
  }

  private static long rows(List<?> rows) {
    return rows.size() * ROW_BYTES;
  }

  /// A list's rows, and what hangs on each.
  private static <T> long each(Object list, Class<T> type, ToLongFunction<T> bytesOf) {
    List<?> rows = (List<?>) list;
    long bytes = rows(rows);
    for (Object each : rows) {
      bytes += bytesOf.applyAsLong(type.cast(each));
    }
    return bytes;
  }
}
