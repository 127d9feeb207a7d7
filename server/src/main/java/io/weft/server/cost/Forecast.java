package io.weft.server.cost;

import io.weft.server.cost.Activity.Use;
import io.weft.storage.file.FileReader;
import io.weft.storage.object.StorePurpose;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What a load will ask of its stores in a second, by formula. Pure.
///
/// *Ingest*: a file is put when its interval is over or when it is full, whichever is first, so
/// PUTs = max(agents ÷ interval, bytes ÷ file size), whatever the number of partitions.
///
/// *Live reads*: agents of one zone read as one, and a file is in the memory of its writer's zone,
/// so GETs = (zones − 1) × files × GETs of a file, whatever the number of partitions and consumers.
///
/// *Merging*: eight files or more become one until they have more than half of what one merge may
/// have; each is read once, and the ends of what was written are looked at.
///
/// *Journal*: an entry has all that came while the one before was put; an idle leader makes three
/// in a lease, and each process that does not lead asks for the next entry twice a second.
final class Forecast {
  private static final int MERGED_FILES_MIN = 8;

  /// A footer that is longer than a read's usual piece takes a second one; most are not.
  private static final double LOOKS_PER_MERGED_FILE = 1;

  /// What is asked for of a file that nothing is known of yet, in chunks; a file that has no more
  /// is one GET. Of a longer one the first chunk alone is kept, and what came beyond it comes
  /// again.
  private static final double FIRST_READ_CHUNKS = 1.5;

  private static final double IDLE_ENTRIES_PER_SECOND = 0.75;
  private static final double POLLS_PER_SECOND = 2;
  private static final double ENTRIES_PER_SNAPSHOT = 1_000;
  private static final double PUTS_PER_SNAPSHOT = 2;
  private static final double LISTS_PER_SNAPSHOT = 3;
  private static final double KEYS_PER_DELETE = 1_000;
  private static final double MS_PER_SECOND = 1_000;

  private final Load load;
  private final double files;
  private final double fileBytes;
  private final Map<Use, Usage> uses = new TreeMap<>();

  private Forecast(Load load) {
    this.load = load;
    double byTime = load.agents() * MS_PER_SECOND / load.tuning().flushIntervalMs();
    this.files =
        load.inBytes() == 0 ? 0 : Math.max(byTime, load.inBytes() / load.tuning().fileBytes());
    this.fileBytes = files == 0 ? 0 : load.inBytes() / files;
  }

  static Activity of(Load load) {
    Forecast forecast = new Forecast(load);
    forecast.ingest();
    forecast.liveReads();
    forecast.merging();
    forecast.journal();
    double out = load.inBytes() * load.readers();
    return new Activity(
        load.inBytes(),
        out,
        load.inBytes() * load.retentionSeconds(),
        load.crossZoneShare() * (load.inBytes() + out),
        Activity.used(forecast.uses));
  }

  private void ingest() {
    add(Activity.BUCKET, StorePurpose.INGEST, Usage.puts(files, load.inBytes()));
  }

  private void liveReads() {
    if (load.readers() > 0) {
      add(
          Activity.BUCKET,
          StorePurpose.LIVE_READ,
          readsOf(fileBytes).times(files * (load.zones() - 1.0)));
    }
  }

  private void merging() {
    double gone = files;
    double size = fileBytes;
    double most = load.tuning().mergedBytes();
    while (size > 0 && size <= most / 2) {
      double mergedSize = Math.min(size * MERGED_FILES_MIN, most);
      double inputs = load.inBytes() / size;
      double outputs = load.inBytes() / mergedSize;
      add(
          Activity.BUCKET,
          StorePurpose.COMPACTION,
          readsOf(size)
              .times(inputs)
              .plus(Usage.puts(outputs, load.inBytes()))
              .plus(Usage.gets(outputs * LOOKS_PER_MERGED_FILE, 0)));
      gone += outputs;
      size = mergedSize;
    }
    add(Activity.BUCKET, StorePurpose.CLEAN_UP, Usage.deletes(gone / KEYS_PER_DELETE));
  }

  private void journal() {
    double entriesMax = MS_PER_SECOND / load.tuning().journalPutMs();
    double entries = Math.max(IDLE_ENTRIES_PER_SECOND, Math.min(files, entriesMax));
    double polls = POLLS_PER_SECOND * (load.tuning().controlPlanes() - 1);
    add(Activity.JOURNAL, StorePurpose.JOURNAL, Usage.puts(entries, 0).plus(Usage.gets(polls, 0)));
    double snapshots = entries / ENTRIES_PER_SNAPSHOT;
    add(Activity.JOURNAL, StorePurpose.SNAPSHOTS, Usage.puts(snapshots * PUTS_PER_SNAPSHOT, 0));
    add(
        Activity.JOURNAL,
        StorePurpose.CLEAN_UP,
        new Usage(
            new Requests(0, snapshots * LISTS_PER_SNAPSHOT, 0, snapshots), Requests.NONE, 0, 0));
  }

  /// What it takes to read one file from its front to its end: of a longer one its footer too.
  private Usage readsOf(double bytes) {
    double chunk = load.tuning().chunkBytes();
    return bytes <= chunk * FIRST_READ_CHUNKS
        ? Usage.gets(1, bytes)
        : Usage.gets(
            Math.ceil(bytes / chunk) + 1,
            bytes + chunk * (FIRST_READ_CHUNKS - 1) + FileReader.TAIL_BYTES);
  }

  private void add(String store, StorePurpose purpose, Usage usage) {
    uses.merge(new Use(store, nameOf(purpose)), usage, Usage::plus);
  }

  /// As metrics name it.
  static String nameOf(StorePurpose purpose) {
    return purpose.name().toLowerCase(Locale.ROOT);
  }
}
