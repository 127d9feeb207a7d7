package io.weft.controlplane.command;

import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.OpaqueBytes;

/// The bytes of requests to the group coordinator. Stateless.
///
///     request = apiKey:short version:short clientId:string clientHost:string principal:string
///               waitMs:varlong body:bytes
///     reply   = body:bytes
final class GroupWire {
  static final Wire<OpaqueBytes> REPLY =
      new Wire<>() {
        @Override
        public void write(OpaqueBytes value, WireWriter out) {
          out.writeBytes(value.array());
        }

        @Override
        public OpaqueBytes read(WireReader in) {
          return OpaqueBytes.of(in.readBytes());
        }
      };

  private GroupWire() {}

  static void write(GroupRequest request, WireWriter out) {
    out.writeShort(request.apiKey());
    out.writeShort(request.version());
    out.writeString(request.clientId());
    out.writeString(request.clientHost());
    out.writeString(request.principal());
    out.writeVarLong(request.waitMs());
    out.writeBytes(request.body().array());
  }

  static GroupRequest read(WireReader in) {
    short apiKey = in.readShort();
    short version = in.readShort();
    String clientId = in.readString();
    String clientHost = in.readString();
    String principal = in.readString();
    long waitMs = in.readVarLong();
    OpaqueBytes body = OpaqueBytes.of(in.readBytes());
    return new GroupRequest(apiKey, version, clientId, clientHost, principal, body, waitMs);
  }
}
