package io.weft.controlplane.api.admin;

/// What administrators set and look at, topics aside.
public interface Administration {
  ResourceSettings resources();

  ClientQuotas quotas();

  ScramCredentials credentials();

  Quorum quorum();
}
