package io.weft.controlplane.state.commit;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.state.dead.CondemnedFiles;
import io.weft.controlplane.state.file.FileLeases;
import io.weft.controlplane.state.file.FileRecord.FileCommitted;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.partition.ProducerChecks;
import io.weft.controlplane.state.producer.IssuedProducerIds;
import io.weft.controlplane.state.transaction.TransactionDesk;
import io.weft.model.AgentId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes uploaded files part of the logs. It keeps nothing: what a file comes to is known to the
/// leases, the logs and the transactions. Owned by one thread.
public final class Commits implements StatePart, Sequencer {
  private final CurrentStep step;
  private final FileLeases leases;
  private final CondemnedFiles condemned;
  private final PartitionLogs logs;
  private final IssuedProducerIds producerIds;
  private final TransactionDesk transactions;

  public Commits(
      CurrentStep step,
      FileLeases leases,
      CondemnedFiles condemned,
      PartitionLogs logs,
      IssuedProducerIds producerIds,
      TransactionDesk transactions) {
    this.step = step;
    this.leases = leases;
    this.condemned = condemned;
    this.logs = logs;
    this.producerIds = producerIds;
    this.transactions = transactions;
  }

  @Override
  public List<FileOutcome> commit(AgentId agent, long settledBelow, List<UploadedFile> files) {
    CommitLimits.check(settledBelow, files);
    List<FileOutcome> outcomes = new ArrayList<>(files.size());
    for (UploadedFile file : files) {
      outcomes.add(commit(agent, settledBelow, file));
    }
    return List.copyOf(outcomes);
  }

  private FileOutcome commit(AgentId agent, long settledBelow, UploadedFile told) {
    UploadedFile file = logs.accepted(told);
    Optional<FileOutcome> settled = leases.settledOutcome(agent, file.fileId());
    if (settled.isPresent()) {
      return settled.get();
    }
    // One that has files' extents without a commit took the place of others.
    if (condemned.isDead(file.fileId()) || logs.files().liveExtents(file.fileId()) >= 0) {
      return new FileOutcome.Expired();
    }
    ProducerChecks checks = new ProducerChecks(producerIds.issuedBelow(), transactions.gate());
    List<BatchOutcomes> outcomes = logs.judge(file, step.nowMs(), checks);
    step.make(new FileCommitted(agent, settledBelow, step.nowMs(), file, outcomes));
    return new FileOutcome.Committed(outcomes);
  }
}
