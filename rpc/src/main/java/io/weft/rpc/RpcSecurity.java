package io.weft.rpc;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// How the two sides of a connection make sure of each other.
public sealed interface RpcSecurity {
  /// Not at all, and anyone in between can read along.
  record PlainText() implements RpcSecurity {}

  /// TLS, each side with a certificate that the other checks; the client also checks that the
  /// server's is for the host it meant to reach. All are PEM files, read at the start.
  ///
  /// @param certificateChain this side's certificate, and those up to (not including) a trusted one
  /// @param privateKey the certificate's key (PKCS#8, not encrypted)
  /// @param trusted the authorities whose certificates the other side may show
  record MutualTls(Path certificateChain, Path privateKey, Path trusted) implements RpcSecurity {}

  /// @throws UncheckedIOException if a file cannot be read
  default ServerCredentials ofServer() {
    return switch (this) {
      case PlainText plain -> InsecureServerCredentials.create();
      case MutualTls tls -> {
        try {
          yield TlsServerCredentials.newBuilder()
              .keyManager(tls.certificateChain.toFile(), tls.privateKey.toFile())
              .trustManager(tls.trusted.toFile())
              .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
              .build();
        } catch (IOException e) {
          throw new UncheckedIOException("cannot read the TLS files: " + e.getMessage(), e);
        }
      }
    };
  }

  /// @throws UncheckedIOException if a file cannot be read
  default ChannelCredentials ofClient() {
    return switch (this) {
      case PlainText plain -> InsecureChannelCredentials.create();
      case MutualTls tls -> {
        try {
          yield TlsChannelCredentials.newBuilder()
              .keyManager(tls.certificateChain.toFile(), tls.privateKey.toFile())
              .trustManager(tls.trusted.toFile())
              .build();
        } catch (IOException e) {
          throw new UncheckedIOException("cannot read the TLS files: " + e.getMessage(), e);
        }
      }
    };
  }
}
