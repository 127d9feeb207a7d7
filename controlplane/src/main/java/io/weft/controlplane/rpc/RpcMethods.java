package io.weft.controlplane.rpc;

import io.grpc.MethodDescriptor;
import io.weft.rpc.RpcBytes;

/// The two gRPC methods of the control plane; their messages are bytes of the command package's
/// codecs. Stateless.
final class RpcMethods {
  static final String SERVICE = "weft.ControlPlane";

  /// A command → its reply.
  static final MethodDescriptor<byte[], byte[]> ASK =
      RpcBytes.method(SERVICE, "Ask", MethodDescriptor.MethodType.UNARY);

  /// Feed requests → messages of events.
  static final MethodDescriptor<byte[], byte[]> FEED =
      RpcBytes.method(SERVICE, "Feed", MethodDescriptor.MethodType.BIDI_STREAMING);

  private RpcMethods() {}
}
