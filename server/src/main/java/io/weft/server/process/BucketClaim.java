package io.weft.server.process;

import io.weft.environment.Environment;
import io.weft.server.settings.SettingException;
import io.weft.storage.bucket.BucketOwnership;
import io.weft.storage.bucket.BucketOwnership.Owner;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.object.StorePurpose;
import java.util.Optional;
import java.util.function.Supplier;

/// Compares the owner of a bucket with the cluster that is to use it, before any agent uses it.
final class BucketClaim {
  private final OpenStore bucket;
  private final Environment environment;

  BucketClaim(OpenStore bucket, Environment environment) {
    this.bucket = bucket;
    this.environment = environment;
  }

  /// As [#claim(String)], of each of the stores.
  static ClusterBucket claim(Stores.Records records, String clusterId, Environment environment)
      throws InterruptedException {
    ClusterBucket all = new BucketClaim(records.all(), environment).claim(clusterId);
    if (records.lowLatency().isEmpty()) {
      return all;
    }
    OpenStore lowLatency = records.lowLatency().get();
    ClusterBucket fresh = new BucketClaim(lowLatency, environment).claim(clusterId);
    return new ClusterBucket(all.store(), Optional.of(fresh.store()), clusterId);
  }

  /// Takes an empty bucket, and waits for one that does not answer.
  ///
  /// @throws SettingException if it is another cluster's, or its owner is unknown
  ClusterBucket claim(String clusterId) throws InterruptedException {
    BucketOwnership ownership = new BucketOwnership(bucket.retrying().usedFor(StorePurpose.PROBE));
    return switch (await(() -> ownership.claim(clusterId))) {
      case Owner.Cluster(String owner) -> ofCluster(owner, clusterId);
      case Owner.Nobody nobody ->
          throw refused(
              "it holds files, and does not say of which cluster. If they are the records of"
                  + " cluster %s, which this agent's control plane orders, say so once"
                      .formatted(clusterId),
              clusterId);
      case Owner.Unreadable unreadable -> throw unreadable(clusterId);
    };
  }

  /// As [#claim], where the journal lies beside the files, so that they are its cluster's.
  ClusterBucket claimWithFiles(String clusterId) throws InterruptedException {
    BucketOwnership ownership = new BucketOwnership(bucket.retrying().usedFor(StorePurpose.PROBE));
    return switch (await(() -> ownership.claim(clusterId))) {
      case Owner.Cluster(String owner) -> ofCluster(owner, clusterId);
      case Owner.Nobody nobody -> ofCluster(await(() -> adopt(ownership, clusterId)), clusterId);
      case Owner.Unreadable unreadable -> throw unreadable(clusterId);
    };
  }

  private static String adopt(BucketOwnership ownership, String clusterId) {
    ownership.adopt(clusterId);
    return clusterId;
  }

  private <T> T await(Supplier<T> step) throws InterruptedException {
    return FirstAnswer.ofStore(bucket.name(), environment, _ -> step.get());
  }

  private ClusterBucket ofCluster(String owner, String clusterId) {
    if (owner.equals(clusterId)) {
      return new ClusterBucket(bucket.retrying(), clusterId);
    }
    throw refused(
        ("it belongs to cluster %s, and this agent's control plane is that of cluster %s. Name the"
             + " bucket or the control plane that was meant; only to make this bucket cluster %s's"
             + " on purpose")
            .formatted(owner, clusterId, clusterId),
        clusterId);
  }

  private SettingException unreadable(String clusterId) {
    return refused(
        "its mark, the object 'owner', is not as it was written. If its files are the records of"
            + " cluster %s, write it anew".formatted(clusterId),
        clusterId);
  }

  private SettingException refused(String why, String clusterId) {
    return new SettingException(
        "The bucket '%s' cannot be used: %s: weft bucket adopt --bucket '%s' --cluster=%s (see docs/recovery.md)."
            .formatted(bucket.url(), why, bucket.url(), clusterId));
  }
}
