package io.weft.controlplane.state.file;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.file.FileWriters;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shaped;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.file.FileRecord.FileCommitted;
import io.weft.controlplane.state.file.FileRecord.FileIdsExpired;
import io.weft.controlplane.state.file.FileRecord.FileIdsLeased;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.AgentId;
import io.weft.model.FileTier;
import io.weft.model.Invariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/// Which agent may commit which file ids, and what became of those committed. Owned by one thread.
///
/// ```
/// an id:  never leased ─lease→ outstanding ─commit→ committed, outcome kept ─settled→ gone
///                                  └───────settled or lease expired───────────────────→ gone
/// ```
///
/// Ids of both tiers are numbered through together; a lease has ids of one.
///
/// An id that is gone can never be committed (again): its lease is no more, or lies below what its
/// agent declared settled.
public final class FileLeases implements StatePart, FileLedger, FileWriters {
  /// How long an agent may begin files under ids it has leased.
  public static final long IDS_USABLE_MS = 300_000;

  /// How long after it was issued a lease of file ids is to expire: long enough for a file that was
  /// begun at the last moment to be uploaded and committed.
  public static final long IDS_EXPIRE_MS = 900_000;

  public static final int LEASES_PER_AGENT_MAX = 10_000;

  /// The level from which on ids may say that a file is of the low-latency store.
  private static final int TIERS_SINCE = 2;

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

  private final CurrentStep step;
  private final IntSupplier level;
  private final Predicate<AgentId> known;
  private final NavigableMap<Long, OutstandingLease> leases = new TreeMap<>();
  private final Map<AgentId, Writer> writers = new TreeMap<>();
  private long next = 1;

  /// @param level that is final for the cluster
  /// @param known whether an agent is there
  public FileLeases(CurrentStep step, IntSupplier level, Predicate<AgentId> known) {
    this.step = step;
    this.level = level;
    this.known = known;
  }

  /// The leases that have not expired, by id order.
  public List<OutstandingLease> outstanding() {
    return List.copyOf(leases.values());
  }

  /// The lease that begins at this id, if it has not expired.
  public Optional<OutstandingLease> outstandingAt(long firstFileId) {
    return Optional.ofNullable(leases.get(firstFileId));
  }

  /// Whether the id is leased and the lease has not expired.
  public boolean isOutstanding(long fileId) {
    Map.Entry<Long, OutstandingLease> lease = leases.floorEntry(fileId);
    return lease != null && lease.getValue().holds(fileId);
  }

  /// Whether the id was leased, and the lease has expired.
  public boolean isVoid(long fileId) {
    return FileTier.number(fileId) < next && !isOutstanding(fileId);
  }

  @Override
  public LeaseOutcome lease(AgentId agent, int count) {
    return lease(agent, count, FileTier.HIGH_LATENCY);
  }

  @Override
  public LeaseOutcome leaseLowLatency(AgentId agent, int count) {
    boolean isReadByAll = level.getAsInt() >= TIERS_SINCE;
    return lease(agent, count, isReadByAll ? FileTier.LOW_LATENCY : FileTier.HIGH_LATENCY);
  }

  private LeaseOutcome lease(AgentId agent, int count, FileTier tier) {
    if (!known.test(agent)) {
      return new LeaseOutcome.UnknownAgent();
    }
    if (count < 1 || count > IDS_PER_LEASE_MAX) {
      throw new ControlPlaneException.Rejected(
          "asked for %d file ids; one call can lease 1 to %d".formatted(count, IDS_PER_LEASE_MAX));
    }
    Writer writer = writers.get(agent);
    if (writer != null && writer.leases >= LEASES_PER_AGENT_MAX) {
      throw new ControlPlaneException.Rejected(
          "agent %d has %d leases of file ids, as many as there may be"
              .formatted(agent.value(), writer.leases));
    }
    long first = tier.id(next);
    LeaseOutcome leased = new LeaseOutcome.Leased(first, count, IDS_USABLE_MS);
    step.make(new FileIdsLeased(agent, first, count, step.nowMs()));
    return leased;
  }

  @Override
  public List<WriterLease> writersFrom(long fileId) {
    Map.Entry<Long, OutstandingLease> before = leases.floorEntry(fileId);
    long from = before != null && before.getValue().holds(fileId) ? before.getKey() : fileId;
    return leases.tailMap(from, true).values().stream()
        .limit(LEASES_MAX)
        .map(lease -> new WriterLease(lease.firstFileId(), lease.count(), lease.agent()))
        .toList();
  }

  /// Ends the lease that begins at this id; no effect if there is none.
  public void expire(long firstFileId) {
    if (leases.containsKey(firstFileId)) {
      step.make(new FileIdsExpired(firstFileId, step.nowMs()));
    }
  }

  /// Whether an id is leased to this agent, by a lease that has not expired. Nobody has committed a
  /// file under it as far as is remembered.
  public boolean isHeld(AgentId agent, long fileId) {
    Map.Entry<Long, OutstandingLease> lease = leases.floorEntry(fileId);
    return lease != null
        && lease.getValue().holds(fileId)
        && ownedBy(lease.getValue(), agent)
        && !writers.get(agent).outcomes.containsKey(fileId);
  }

  /// What a file's commit is answered with, or empty if it is still to be decided.
  public Optional<FileOutcome> settledOutcome(AgentId agent, long fileId) {
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

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    switch ((FileRecord) record) {
      case FileIdsLeased leased -> replay(leased);
      case FileIdsExpired expired -> replay(expired);
      case FileCommitted committed -> replay(committed);
    }
  }

  private void replay(FileIdsLeased record) {
    Invariant.check(
        FileTier.number(record.firstFileId()) == next, "file ids from %d on", record.firstFileId());
    next = Math.addExact(next, record.count());
    add(
        new OutstandingLease(
            record.firstFileId(), record.count(), record.agent(), record.timeMs()));
  }

  private void replay(FileIdsExpired record) {
    OutstandingLease lease = leases.remove(record.firstFileId());
    Invariant.check(lease != null, "no lease at %d", record.firstFileId());
    Writer writer = writers.get(lease.agent());
    writer.outcomes.subMap(lease.firstFileId(), lease.firstFileId() + lease.count()).clear();
    if (--writer.leases == 0) {
      writers.remove(lease.agent());
    }
  }

  private void replay(FileCommitted record) {
    long fileId = record.file().fileId();
    Invariant.check(settledOutcome(record.agent(), fileId).isEmpty(), "file %d is settled", fileId);
    Writer writer = writers.get(record.agent());
    writer.settledBelow = Math.max(writer.settledBelow, record.settledBelow());
    writer.outcomes.headMap(writer.settledBelow).clear();
    writer.outcomes.put(fileId, record.outcomes());
  }

  @Override
  public void write(WireWriter out) {
    TABLE.write(new Table(next, outstanding()), out);
    for (Writer writer : writers.values()) {
      List<Settled> settled = new ArrayList<>(writer.outcomes.size());
      writer.outcomes.forEach((fileId, outcomes) -> settled.add(new Settled(fileId, outcomes)));
      WRITTEN.write(new Written(writer.settledBelow, settled), out);
    }
  }

  /// The writers follow from the leases: each agent that has one, by id order.
  @Override
  public void read(WireReader in) {
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
