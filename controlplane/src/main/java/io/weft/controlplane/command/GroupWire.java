package io.weft.controlplane.command;

import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.GroupRequest.Asker;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.OpaqueBytes;

/// The bytes of requests to the group coordinator. Stateless.
///
///     request = apiKey:short version:short asker waitMs:varlong body:bytes
///     asker   = clientId:string clientHost:string principal:string
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
    Asker asker = request.asker();
    out.writeString(asker.clientId());
    out.writeString(asker.clientHost());
    out.writeString(asker.principal());
    out.writeVarLong(request.waitMs());
    out.writeBytes(request.body().array());
  }

  static GroupRequest read(WireReader in) {
    short apiKey = in.readShort();
    short version = in.readShort();
    Asker asker = new Asker(in.readString(), in.readString(), in.readString());
    long waitMs = in.readVarLong();
    return new GroupRequest(apiKey, version, asker, OpaqueBytes.of(in.readBytes()), waitMs);
  }
}
