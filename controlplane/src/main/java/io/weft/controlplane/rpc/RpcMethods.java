package io.weft.controlplane.rpc;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The two gRPC methods of the control plane; their messages are bytes of the command package's
/// codecs. Stateless.
final class RpcMethods {
  static final String SERVICE = "weft.ControlPlane";

  /// A command → its reply.
  static final MethodDescriptor<byte[], byte[]> ASK =
      method("Ask", MethodDescriptor.MethodType.UNARY);

  /// Feed requests → messages of events.
  static final MethodDescriptor<byte[], byte[]> FEED =
      method("Feed", MethodDescriptor.MethodType.BIDI_STREAMING);

  private RpcMethods() {}

  private static MethodDescriptor<byte[], byte[]> method(
      String name, MethodDescriptor.MethodType type) {
    Bytes bytes = new Bytes();
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .setRequestMarshaller(bytes)
        .setResponseMarshaller(bytes)
        .build();
  }

  /// A message as it is. gRPC holds it to the size limit before it comes here.
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new KnownBytes(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw Status.INTERNAL
            .withDescription("a message that cannot be read")
            .withCause(e)
            .asRuntimeException();
      }
    }
  }

  /// Spares gRPC a copy to find out the length.
  private static final class KnownBytes extends ByteArrayInputStream implements KnownLength {
    KnownBytes(byte[] bytes) {
      super(bytes);
    }
  }
}
