package io.weft.controlplane.state;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shaped;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.StateRecord.FileCommitted;
import io.weft.controlplane.state.StateRecord.FileIdsExpired;
import io.weft.controlplane.state.StateRecord.FileIdsLeased;
import io.weft.model.AgentId;
import io.weft.model.Invariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Which agent may commit which file ids, and what became of those committed. Owned by one thread.
///
/// ```
/// an id:  never leased ─lease→ outstanding ─commit→ committed, outcome kept ─settled→ gone
///                                  └───────settled or lease expired───────────────────→ gone
/// ```
///
/// An id that is gone can never be committed (again): its lease is no more, or lies below what its
/// agent declared settled.
public final class FileLeases {
  static final int LEASES_PER_AGENT_MAX = 10_000;

  private static final Shape<Table> TABLE = Shapes.unlimited().of(Table.class);
  private static final Shape<Written> WRITTEN = Shapes.unlimited().of(Written.class);

  /// The leases, as they stand in a snapshot.
  public record Table(long next, List<OutstandingLease> leases) {}

  /// What is known of one agent's files, as it stands in a snapshot.
  public record Written(long settledBelow, List<Settled> files) {}

  /// @param outcomes one per run of the file
  public record Settled(
      long fileId, List<@Shaped(by = OutcomeColumns.class) BatchOutcomes> outcomes) {}

  /// What is known of the files of an agent that has leases.
  private static final class Writer {
    private final NavigableMap<Long, List<BatchOutcomes>> outcomes = new TreeMap<>();
    private long settledBelow;
    private int leases;
  }

  private final NavigableMap<Long, OutstandingLease> leases = new TreeMap<>();
  private final Map<AgentId, Writer> writers = new TreeMap<>();
  private long next = 1;

  List<OutstandingLease> outstanding() {
    return List.copyOf(leases.values());
  }

  Decision<LeaseOutcome> decideLease(AgentId agent, int count, long usableMs, long nowMs) {
    if (count < 1 || count > FileLedger.IDS_PER_LEASE_MAX) {
      throw new ControlPlaneException.Rejected(
          "asked for %d file ids; 1 to %d can be had at once"
              .formatted(count, FileLedger.IDS_PER_LEASE_MAX));
    }
    Writer writer = writers.get(agent);
    if (writer != null && writer.leases >= LEASES_PER_AGENT_MAX) {
      throw new ControlPlaneException.Rejected(
          "agent %d has %d leases of file ids, as many as there may be"
              .formatted(agent.value(), writer.leases));
    }
    return Decision.of(
        new FileIdsLeased(agent, next, count, nowMs),
        new LeaseOutcome.Leased(next, count, usableMs));
  }

  /// @return the record that ends the lease, or nothing if there is none that begins at this id
  Decision<Boolean> decideExpire(long firstFileId, long nowMs) {
    return leases.containsKey(firstFileId)
        ? Decision.of(new FileIdsExpired(firstFileId, nowMs), true)
        : Decision.of(false);
  }

  /// What a file's commit is answered with, or empty if it is still to be decided.
  Optional<FileOutcome> settledOutcome(AgentId agent, long fileId) {
    Map.Entry<Long, OutstandingLease> lease = leases.floorEntry(fileId);
    if (lease == null || !lease.getValue().holds(fileId) || !ownedBy(lease.getValue(), agent)) {
      return Optional.of(new FileOutcome.Expired());
    }
    Writer writer = writers.get(agent);
    List<BatchOutcomes> outcomes = writer.outcomes.get(fileId);
    if (outcomes != null) {
      return Optional.of(new FileOutcome.Committed(outcomes));
    }
    return fileId < writer.settledBelow ? Optional.of(new FileOutcome.Expired()) : Optional.empty();
  }

  void replay(FileIdsLeased record) {
    Invariant.check(record.firstFileId() == next, "file ids from %d on", record.firstFileId());
    next = Math.addExact(next, record.count());
    add(
        new OutstandingLease(
            record.firstFileId(), record.count(), record.agent(), record.timeMs()));
  }

  void replay(FileIdsExpired record) {
    OutstandingLease lease = leases.remove(record.firstFileId());
    Invariant.check(lease != null, "no lease at %d", record.firstFileId());
    Writer writer = writers.get(lease.agent());
    writer.outcomes.subMap(lease.firstFileId(), lease.firstFileId() + lease.count()).clear();
    if (--writer.leases == 0) {
      writers.remove(lease.agent());
    }
  }

  void replay(FileCommitted record) {
    long fileId = record.file().fileId();
    Invariant.check(settledOutcome(record.agent(), fileId).isEmpty(), "file %d is settled", fileId);
    Writer writer = writers.get(record.agent());
    writer.settledBelow = Math.max(writer.settledBelow, record.settledBelow());
    writer.outcomes.headMap(writer.settledBelow).clear();
    writer.outcomes.put(fileId, record.outcomes());
  }

  void write(WireWriter out) {
    TABLE.write(new Table(next, outstanding()), out);
    for (Writer writer : writers.values()) {
      List<Settled> settled = new ArrayList<>(writer.outcomes.size());
      writer.outcomes.forEach((fileId, outcomes) -> settled.add(new Settled(fileId, outcomes)));
      WRITTEN.write(new Written(writer.settledBelow, settled), out);
    }
  }

  /// The writers follow from the leases: each agent that has one, by id order.
  void read(WireReader in) {
    Table table = TABLE.read(in);
    next = table.next;
    table.leases.forEach(this::add);
    for (Writer writer : writers.values()) {
      Written written = WRITTEN.read(in);
      writer.settledBelow = written.settledBelow;
      written.files.forEach(file -> writer.outcomes.put(file.fileId, file.outcomes));
    }
  }

  private void add(OutstandingLease lease) {
    leases.put(lease.firstFileId(), lease);
    writers.computeIfAbsent(lease.agent(), _ -> new Writer()).leases++;
  }

  private static boolean ownedBy(OutstandingLease lease, AgentId agent) {
    return lease.agent().equals(agent);
  }
}
