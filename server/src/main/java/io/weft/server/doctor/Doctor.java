package io.weft.server.doctor;

import io.weft.environment.Environment;
import io.weft.model.FileTier;
import io.weft.server.doctor.FileExamination.Flaw;
import io.weft.server.doctor.LiveExtents.Held;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.FileLayout;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ListedPage;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Compares a bucket with the metadata, once. Owned by one thread.
///
/// The metadata is read, then the bucket is listed, and whatever is not as that metadata says is
/// compared with newer metadata, which has all that could have happened before the object was
/// looked at. So a cluster may be at work meanwhile: what it commits, replaces or deletes is no
/// fault.
public final class Doctor {
  /// @param deep whether every live batch is read
  /// @param repair whether proved orphans are deleted
  public record Options(boolean deep, boolean repair) {}

  /// Objects between which it may say how far it is.
  private static final int STRETCH_MAX = 64;

  private final ClusterBucket bucket;
  private final Metadata metadata;
  private final Options options;
  private final Progress progress;
  private final FileExamination examination;
  private final Lanes lanes;
  private final Findings findings = new Findings();
  private final Orphans orphans = new Orphans();
  private final LiveExtents live;
  private final long entryBefore;

  private Doctor(
      ClusterBucket bucket,
      Metadata metadata,
      Options options,
      Progress progress,
      Environment environment) {
    this.bucket = bucket;
    this.metadata = metadata;
    this.options = options;
    this.progress = progress;
    this.examination = new FileExamination(bucket, options.deep());
    this.lanes = new Lanes(environment, FileExamination.SIDE_BY_SIDE_MAX);
    this.live = LiveExtents.of(metadata);
    this.entryBefore = metadata.entry();
  }

  /// @param bucket whose owner is the metadata's cluster
  /// @throws io.weft.storage.object.ObjectStoreException if the bucket cannot be read
  /// @throws io.weft.controlplane.journal.JournalException if the journal cannot be read
  public static DoctorReport run(
      ClusterBucket bucket,
      Metadata metadata,
      Options options,
      Progress progress,
      Environment environment) {
    return new Doctor(bucket, metadata, options, progress, environment).run();
  }

  private DoctorReport run() {
    progress.say(
        "The metadata as of journal entry %d: %d extents of %d partitions in %d files."
            .formatted(entryBefore, live.extents(), live.partitions(), live.files()));
    list();
    lookForUnseen();
    metadata.advance();
    DoctorReport.Repaired repaired = repair();
    return new DoctorReport(
        metadata.clusterId(),
        entryBefore,
        metadata.entry(),
        options.deep(),
        new DoctorReport.Live(
            live.partitions(), live.extents(), live.files(), examination.batchesVerified()),
        findings.all(),
        repaired);
  }

  private void list() {
    list(bucket.store(), FileTier.HIGH_LATENCY);
    bucket.lowLatency().ifPresent(store -> list(store, FileTier.LOW_LATENCY));
    progress.say("The bucket is listed: %d objects.".formatted(findings.objects()));
  }

  private void list(ObjectStore store, FileTier tier) {
    Optional<String> from = Optional.empty();
    do {
      ListedPage page =
          store.listInAnyOrder(FileLayout.PREFIX, from, ObjectStore.KEYS_PER_CALL_MAX);
      judgeAll(ofTier(page.objects(), tier));
      from = page.next();
    } while (from.isPresent());
  }

  /// A file in the wrong one of two stores is none: nobody looks for it there.
  private List<ObjectInfo> ofTier(List<ObjectInfo> objects, FileTier tier) {
    List<ObjectInfo> some = new ArrayList<>(objects.size());
    for (ObjectInfo object : objects) {
      OptionalLong id = FileLayout.fileId(object.key());
      if (id.isEmpty() || FileTier.of(id.getAsLong()) == tier) {
        some.add(object);
      } else {
        add(
            ObjectKind.STRAY,
            object.key().name(),
            object.length(),
            "files with such keys are in the cluster's other store");
      }
    }
    return some;
  }

  private Optional<ObjectInfo> stat(long fileId) {
    FilePlace place = FilePlace.of(fileId);
    return bucket.storeOf(place).stat(place.key());
  }

  private void judgeAll(List<ObjectInfo> objects) {
    for (int from = 0; from < objects.size(); from += STRETCH_MAX) {
      judge(objects.subList(from, Math.min(objects.size(), from + STRETCH_MAX)));
      progress.goesOn(
          () ->
              "%d objects looked at so far, %d faults."
                  .formatted(findings.objects(), findings.faults()));
    }
  }

  /// An object with what is known of its file when it is looked at.
  ///
  /// @param kind by its key alone
  private record Listed(long fileId, long length, ObjectKind kind, List<Held> extents) {
    String key() {
      return FilePlace.of(fileId).key().name();
    }

    Listed as(ObjectKind newKind, List<Held> newExtents) {
      return new Listed(fileId, length, newKind, newExtents);
    }
  }

  private void judge(List<ObjectInfo> objects) {
    List<ObjectInfo> files = new ArrayList<>(objects.size());
    for (ObjectInfo object : objects) {
      OptionalLong id = FileLayout.fileId(object.key());
      if (id.isPresent()) {
        files.add(object);
      } else {
        add(ObjectKind.STRAY, object.key().name(), object.length(), "no file has such a key");
      }
    }
    if (files.stream().anyMatch(file -> !metadata.wasLeased(fileId(file)))) {
      metadata.advance();
    }
    List<Listed> listed =
        files.stream()
            .map(
                file ->
                    new Listed(
                        fileId(file),
                        file.length(),
                        metadata.standing(fileId(file)),
                        live.see(fileId(file))))
            .toList();
    List<Optional<Flaw>> flaws = lanes.map(listed, this::flaw);
    List<Listed> suspects = new ArrayList<>();
    for (int i = 0; i < listed.size(); i++) {
      if (flaws.get(i).isPresent() && listed.get(i).kind() == ObjectKind.LIVE) {
        suspects.add(listed.get(i));
      } else {
        count(listed.get(i), flaws.get(i));
      }
    }
    lookAgain(suspects);
  }

  /// What a live file or an orphan is not; of the others nothing but the key is looked at.
  private Optional<Flaw> flaw(Listed file) {
    return switch (file.kind()) {
      case LIVE -> examination.flaw(file.fileId(), file.length(), file.extents());
      case ORPHAN, UNLEASED -> examination.flawAsOrphan(file.fileId(), file.length());
      case QUEUED, YOUNG, UNQUEUED, MISSING, DAMAGED, FOREIGN, UNPROVED, STRAY -> Optional.empty();
    };
  }

  /// At live files that are not as they should be, with the metadata as it is by now: what no log
  /// holds any more may have been deleted.
  private void lookAgain(List<Listed> suspects) {
    if (suspects.isEmpty()) {
      return;
    }
    metadata.advance();
    List<Second> seconds =
        lanes.map(
            suspects.stream()
                .map(file -> file.as(metadata.standing(file.fileId()), stillHeld(file.extents())))
                .toList(),
            this::lookAgain);
    seconds.forEach(second -> count(second.file(), second.flaw()));
  }

  private record Second(Listed file, Optional<Flaw> flaw) {}

  private Second lookAgain(Listed file) {
    Optional<ObjectInfo> there = stat(file.fileId());
    if (there.isEmpty()) {
      return new Second(file, Optional.of(new Flaw(ObjectKind.MISSING, "there is no such object")));
    }
    Listed now = new Listed(file.fileId(), there.get().length(), file.kind(), file.extents());
    return new Second(now, flaw(now));
  }

  private List<Held> stillHeld(List<Held> extents) {
    return extents.stream()
        .filter(held -> metadata.holds(held.partition(), held.extent()))
        .toList();
  }

  private void count(Listed file, Optional<Flaw> flaw) {
    ObjectKind kind = flaw.map(Flaw::kind).orElse(file.kind());
    if (kind == ObjectKind.MISSING && file.kind() != ObjectKind.LIVE) {
      return; // Deleted since it was listed, and no log needs it.
    }
    if (file.kind() == ObjectKind.UNLEASED && kind == ObjectKind.UNPROVED) {
      kind = ObjectKind.UNLEASED;
    }
    add(
        kind,
        file.key(),
        kind == ObjectKind.MISSING ? heldBytes(file) : file.length(),
        flaw.map(Flaw::what).orElse(kind.meaning()));
    if (kind == ObjectKind.ORPHAN) {
      orphans.add(file.fileId(), file.length());
    }
  }

  private void add(ObjectKind kind, String key, long bytes, String what) {
    if (kind.isFault() && findings.count(kind).objects() == 0) {
      progress.say("First object that is %s: %s: %s".formatted(kind.word(), key, what));
    }
    findings.add(kind, key, bytes, what);
  }

  private static long heldBytes(Listed file) {
    return file.extents().stream().mapToLong(held -> held.extent().length()).sum();
  }

  /// For live files that the listing did not show: each is asked for by its key.
  private void lookForUnseen() {
    List<Long> unseen = live.unseen(0, ObjectStore.KEYS_PER_CALL_MAX);
    while (!unseen.isEmpty()) {
      List<Optional<ObjectInfo>> found = lanes.map(unseen, this::stat);
      List<Listed> absent = new ArrayList<>();
      List<ObjectInfo> there = new ArrayList<>();
      for (int i = 0; i < unseen.size(); i++) {
        if (found.get(i).isPresent()) {
          there.add(found.get(i).get());
        } else {
          long fileId = unseen.get(i);
          absent.add(new Listed(fileId, 0, ObjectKind.LIVE, live.see(fileId)));
        }
      }
      judgeAll(there);
      lookAgain(absent);
      unseen = live.unseen(unseen.getLast(), ObjectStore.KEYS_PER_CALL_MAX);
      progress.goesOn(
          () ->
              "Live files that were not listed are looked for; %d faults."
                  .formatted(findings.faults()));
    }
  }

  private DoctorReport.Repaired repair() {
    if (!options.repair()) {
      return DoctorReport.Repaired.NOTHING;
    }
    if (findings.count(ObjectKind.UNLEASED).objects() > 0) {
      progress.say(
          "NOTHING IS DELETED: the bucket holds files of ids that the journal has never given. It"
              + " has probably lost its end, and what looks like an orphan may be an acknowledged"
              + " file; see docs/recovery.md.");
      return DoctorReport.Repaired.NOTHING;
    }
    Repair repair = new Repair(bucket, metadata, progress);
    repair.delete(orphans);
    if (orphans.count() < findings.count(ObjectKind.ORPHAN).objects()) {
      progress.say(
          "One repair deletes at most %d orphans: run it again for the rest."
              .formatted(Orphans.MAX));
    }
    findings.remove(ObjectKind.ORPHAN, repair.objects(), repair.bytes());
    return new DoctorReport.Repaired(repair.objects(), repair.bytes());
  }

  private static long fileId(ObjectInfo file) {
    return FileLayout.fileId(file.key()).orElseThrow();
  }
}
