package io.weft.server.command;

import io.weft.controlplane.journal.JournalException;
import io.weft.controlplane.leader.inspect.FollowedState;
import io.weft.controlplane.postgresql.JournalUrl;
import io.weft.environment.Environment;
import io.weft.server.doctor.Doctor;
import io.weft.server.doctor.DoctorJson;
import io.weft.server.doctor.DoctorReport;
import io.weft.server.doctor.Metadata;
import io.weft.server.doctor.Progress;
import io.weft.server.doctor.StoragePrice;
import io.weft.server.settings.SettingException;
import io.weft.server.settings.TieredStorage;
import io.weft.storage.bucket.BucketOwnership;
import io.weft.storage.bucket.BucketOwnership.Owner;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.RetrySettings;
import io.weft.storage.object.RetryingObjectStore;
import io.weft.storage.object.url.ObjectStoreUrl;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `weft doctor`: says whether a bucket holds what the journal says, and nothing else.
///
/// It ends as `weft journal check` does: 0 if all is well, [JournalCommand#EXIT_DAMAGED] if there
/// are faults, [JournalCommand#EXIT_NEWER] if a newer release wrote the journal, 1 if there is
/// nothing to look at or it cannot be reached, 2 where a URL is wrong or the two do not belong
/// together.
final class DoctorCommand {
  private DoctorCommand() {}

  static CommandSpec spec() {
    CommandSpec doctor = CommandSpec.create().name("doctor");
    doctor
        .usageMessage()
        .description(
            "Compares a bucket with the control plane's journal: whether every file that a log"
                + " needs is there and sound, and what there is that nothing needs.",
            "Changes nothing, unless --repair is given, and may run while the cluster is at work."
                + " Ends with 0 if all is well, 3 if there are faults, 4 if a newer release wrote"
                + " the journal, 1 if there is nothing or it cannot be reached, 2 if the two do"
                + " not belong together.");
    doctor.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("This.").build());
    doctor.addOption(
        url(
            "--journal",
            "The journal's URL, as the control plane has it; of `weft dev`, file:<its data"
                + " folder>/journal.",
            true));
    doctor.addOption(
        url(
            "--bucket",
            "The records' bucket, as agents have it; of `weft dev`, file:<its data"
                + " folder>/records.",
            false));
    doctor.addOption(
        OptionSpec.builder("--tiered-storage")
            .paramLabel("FILE")
            .type(String.class)
            .description(
                "In the place of --bucket: the file that says both stores, as agents have it.")
            .build());
    doctor.addOption(
        flag("--deep", "Reads every batch that a log holds and verifies its checksum."));
    doctor.addOption(flag("--json", "Prints the report as one line of JSON."));
    doctor.addOption(
        flag(
            "--repair",
            "Deletes the files that are proved to be orphans: never committed, their lease of ids"
                + " ended. Nothing else is ever changed."));
    return doctor;
  }

  private static OptionSpec url(String name, String meaning, boolean required) {
    return OptionSpec.builder(name)
        .paramLabel("URL")
        .type(String.class)
        .required(required)
        .description(meaning)
        .build();
  }

  private static OptionSpec flag(String name, String meaning) {
    return OptionSpec.builder(name).type(boolean.class).arity("0").description(meaning).build();
  }

  static int run(ParseResult doctor, PrintWriter out, PrintWriter err) {
    Environment environment = Environment.system();
    Optional<TieredStorage> urls = urls(doctor, err);
    if (urls.isEmpty()) {
      return WeftCommand.EXIT_WRONG_USE;
    }
    try (ObjectStore journal =
            new RetryingObjectStore(
                JournalUrl.openToRead(doctor.matchedOptionValue("--journal", ""), environment),
                RetrySettings.JOURNAL,
                environment);
        ObjectStore lowLatency = open(urls.get().lowLatency(), RetrySettings.FILES, environment);
        ObjectStore all = open(urls.get().highLatency(), RetrySettings.FILES, environment)) {
      Optional<FollowedState> followed = FollowedState.open(journal, environment);
      if (followed.isEmpty()) {
        err.println("There is no journal of a cluster at --journal.");
        return WeftCommand.EXIT_FAILED;
      }
      Metadata metadata = new Metadata(followed.get());
      String clusterId = metadata.clusterId();
      Optional<String> refusal =
          refusal(new BucketOwnership(all).owner(), clusterId)
              .or(() -> refusal(new BucketOwnership(lowLatency).owner(), clusterId));
      if (refusal.isPresent()) {
        err.println(refusal.get());
        return WeftCommand.EXIT_WRONG_USE;
      }
      boolean isOne = urls.get().lowLatency().equals(urls.get().highLatency());
      ClusterBucket bucket =
          new ClusterBucket(all, isOne ? Optional.empty() : Optional.of(lowLatency), clusterId);
      StoragePrice price = StoragePrice.ofUrl(urls.get().highLatency());
      return run(doctor, bucket, metadata, price, out, err);
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      return WeftCommand.EXIT_WRONG_USE;
    } catch (ObjectStoreException e) {
      err.println("The comparison has ended early: " + e.getMessage());
      return WeftCommand.EXIT_FAILED;
    } catch (JournalException.Unavailable e) {
      err.println("The journal cannot be read: " + e.getMessage());
      return WeftCommand.EXIT_FAILED;
    } catch (JournalException.Unusable e) {
      err.println(e.getMessage() + " (`weft journal check` says more)");
      return e instanceof JournalException.Newer
          ? JournalCommand.EXIT_NEWER
          : JournalCommand.EXIT_DAMAGED;
    }
  }

  private static int run(
      ParseResult doctor,
      ClusterBucket bucket,
      Metadata metadata,
      StoragePrice price,
      PrintWriter out,
      PrintWriter err) {
    Environment environment = Environment.system();
    DoctorReport report =
        Doctor.run(
            bucket,
            metadata,
            new Doctor.Options(
                doctor.hasMatchedOption("--deep"), doctor.hasMatchedOption("--repair")),
            new Progress(err, environment.clock()),
            environment);
    if (doctor.hasMatchedOption("--json")) {
      out.println(DoctorJson.of(report, price));
    } else {
      report.lines(price).forEach(out::println);
    }
    return report.isClean() ? 0 : JournalCommand.EXIT_DAMAGED;
  }

  /// One URL twice, where there is one bucket; empty if the command was wrong, which is said.
  private static Optional<TieredStorage> urls(ParseResult doctor, PrintWriter err) {
    String bucket = doctor.matchedOptionValue("--bucket", "");
    String file = doctor.matchedOptionValue("--tiered-storage", "");
    if (bucket.isEmpty() == file.isEmpty()) {
      err.println("Give one of --bucket=URL and --tiered-storage=FILE, as agents have it.");
      return Optional.empty();
    }
    try {
      return Optional.of(
          file.isEmpty() ? new TieredStorage(bucket, bucket) : TieredStorage.read(file));
    } catch (SettingException e) {
      err.println(e.getMessage());
      return Optional.empty();
    }
  }

  private static ObjectStore open(String url, RetrySettings retries, Environment environment) {
    return new RetryingObjectStore(
        ObjectStoreUrl.parse(url).open(environment), retries, environment);
  }

  /// Why a bucket must not be compared with this cluster's journal: every file of another cluster
  /// would look like an orphan.
  private static Optional<String> refusal(Owner owner, String clusterId) {
    return switch (owner) {
      case Owner.Cluster(String id) ->
          id.equals(clusterId)
              ? Optional.empty()
              : Optional.of(
                  "The bucket belongs to cluster %s, and the journal is that of cluster %s."
                      .formatted(id, clusterId));
      case Owner.Nobody(boolean hasFiles) ->
          hasFiles
              ? Optional.of(
                  "The bucket holds files, and does not say of which cluster; the journal is that"
                      + " of cluster %s (see docs/recovery.md).".formatted(clusterId))
              : Optional.empty();
      case Owner.Unreadable unreadable ->
          Optional.of(
              "The bucket's mark, the object 'owner', is not as it was written (see"
                  + " docs/recovery.md).");
    };
  }
}
