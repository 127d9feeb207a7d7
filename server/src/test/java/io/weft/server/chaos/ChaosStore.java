package io.weft.server.chaos;

import io.weft.storage.object.s3.CephGateway;
import io.weft.storage.object.s3.S3Endpoint;
import io.weft.storage.object.s3.S3ProxyServer;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The S3 server of a run of chaos: a real one, Ceph, where it is installed.
///
/// Ceph takes half a minute to start, so that all runs of a process have one between them, each
/// with a bucket of its own. It ends with the process.
///
/// @param own the server that ends with this
record ChaosStore(String name, S3Endpoint endpoint, Optional<S3ProxyServer> own)
    implements AutoCloseable {
  private static final ReentrantLock LOCK = new ReentrantLock();

  /// Guarded by `LOCK`; null before it is asked for.
  private static CephGateway ceph;

  static ChaosStore real() throws Exception {
    if (!CephGateway.isInstalled() || Boolean.getBoolean("weft.chaos.s3proxy")) {
      return inMemory();
    }
    LOCK.lock();
    try {
      if (ceph == null) {
        ceph = CephGateway.start();
      }
      return new ChaosStore("ceph", ceph.endpoint(), Optional.empty());
    } finally {
      LOCK.unlock();
    }
  }

  static ChaosStore inMemory() throws Exception {
    S3ProxyServer server = S3ProxyServer.inMemory();
    return new ChaosStore("s3proxy", server.endpoint(), Optional.of(server));
  }

  @Override
  public void close() {
    own.ifPresent(S3ProxyServer::close);
  }
}
