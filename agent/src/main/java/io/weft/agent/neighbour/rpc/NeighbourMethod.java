package io.weft.agent.neighbour.rpc;

import io.grpc.MethodDescriptor;
import io.weft.rpc.RpcBytes;

/// The gRPC method of agents: a request → messages, both in the bytes of `NeighbourMessage`.
final class NeighbourMethod {
  static final String SERVICE = "weft.Neighbour";

  static final MethodDescriptor<byte[], byte[]> READ =
      RpcBytes.method(SERVICE, "Read", MethodDescriptor.MethodType.SERVER_STREAMING);

  private NeighbourMethod() {}
}
