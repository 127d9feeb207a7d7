package io.weft.controlplane.leader.compaction;

import io.weft.controlplane.api.file.Compactions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Which small files are worth merging with which. Used once; pure.
///
/// Files are put into classes by their live bytes, each as many times as large as the one before as
/// files of it are merged at least. Of a class with enough files the oldest are merged, with the
/// smaller ones between them, and what comes of them is of a higher class: so a byte is moved about
/// once per class at most. Files of more than half of what a job may have are as good as they get.
/// Those that have waited for long are merged across classes, but never into one that is much
/// larger than all of them.
final class FileChoice {
  /// Files of fewer bytes are of the first class.
  static final long FIRST_CLASS_BYTES = 1 << 10;

  /// A file may be so many times as large as all the smaller ones that are merged with it.
  private static final int LARGER_MAX = 4;

  /// A file that is to be merged.
  ///
  /// @param bytes of it that are live
  /// @param extents of it that are live
  record Candidate(long fileId, long bytes, long extents) {}

  private final CompactionSettings settings;
  private final long bytesMax;
  private final List<List<Candidate>> groups = new ArrayList<>();

  /// @param bytesMax of the inputs of one job
  FileChoice(CompactionSettings settings, long bytesMax) {
    this.settings = settings;
    this.bytesMax = bytesMax;
  }

  /// @param candidates by rising ids
  /// @param isQuiet whether no file has come for long
  /// @return files to be merged with each other, each in one group at most
  List<List<Candidate>> groups(List<Candidate> candidates, boolean isQuiet) {
    int largest = candidates.stream().mapToInt(each -> classOf(each.bytes())).max().orElse(-1);
    List<Candidate> left = candidates;
    for (int size = largest; size >= 0; size--) {
      left = ofOneClass(left, size);
    }
    if (isQuiet) {
      ofAged(left);
    }
    return groups;
  }

  private int classOf(long bytes) {
    int size = 0;
    for (long limit = FIRST_CLASS_BYTES; bytes >= limit; limit *= settings.inputsMin()) {
      size++;
    }
    return size;
  }

  /// Groups of one class and of the smaller files between them: what was written at one time stays
  /// together, or there would be holes in what is merged.
  ///
  /// @return those that are left over
  private List<Candidate> ofOneClass(List<Candidate> candidates, int size) {
    List<Candidate> left = new ArrayList<>();
    Group group = new Group();
    int ofClass = 0;
    for (Candidate each : candidates) {
      boolean isOfClass = classOf(each.bytes()) == size;
      if (classOf(each.bytes()) > size || (group.files.isEmpty() && !isOfClass)) {
        left.add(each);
        continue;
      }
      if (!group.takes(each)) {
        // It is full: few large files are as good as many small ones.
        groups.add(group.files);
        group = new Group();
        ofClass = 0;
        if (!isOfClass) {
          left.add(each);
          continue;
        }
      }
      group.add(each);
      ofClass += isOfClass ? 1 : 0;
    }
    if (ofClass >= settings.inputsMin()) {
      groups.add(group.files);
    } else {
      left.addAll(group.files);
      left.sort(Comparator.comparingLong(Candidate::fileId));
    }
    return left;
  }

  private void ofAged(List<Candidate> aged) {
    List<Candidate> bySize = new ArrayList<>(aged);
    bySize.sort(Comparator.comparingLong(Candidate::bytes).thenComparingLong(Candidate::fileId));
    Group group = new Group();
    for (Candidate each : bySize) {
      boolean isMuchLarger = each.bytes() > LARGER_MAX * Math.max(group.bytes, FIRST_CLASS_BYTES);
      if (isMuchLarger || !group.takes(each)) {
        keepIfSeveral(group);
        group = new Group();
      }
      group.add(each);
    }
    keepIfSeveral(group);
  }

  private void keepIfSeveral(Group group) {
    if (group.files.size() > 1) {
      groups.add(group.files);
    }
  }

  private final class Group {
    private final List<Candidate> files = new ArrayList<>();
    private long bytes;
    private long extents;

    boolean takes(Candidate file) {
      return files.size() < settings.inputsMax()
          && bytes + file.bytes() <= bytesMax
          && extents + file.extents() <= Compactions.EXTENTS_MAX;
    }

    void add(Candidate file) {
      files.add(file);
      bytes += file.bytes();
      extents += file.extents();
    }
  }
}
