package io.weft.controlplane.command.admin;

import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.ConfigureOutcome;
import io.weft.controlplane.api.admin.ResourceSettings.Configured;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.controlplane.api.admin.ResourceSettings.Resource;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.AdminCommand;
import io.weft.controlplane.command.ValueWire;
import io.weft.controlplane.command.ValueWire.Limit;
import io.weft.controlplane.command.Wire;
import java.util.List;
import java.util.Optional;

/// The bytes of questions about settings of resources. Stateless.
///
///     configure  = kind:byte name:string expectedVersion:varlong settings
///     configured = 0 | 1 version:varlong count (name:string version:varlong settings)*
public final class ResourceWire {
  public static final Wire<Kind> KIND =
      ValueWire.oneOf(List.of(Kind.AGENT, Kind.GROUP, Kind.CLIENT_METRICS));

  public static final Wire<ConfigureOutcome> CONFIGURE_OUTCOME =
      ValueWire.oneOf(
          List.of(
              ConfigureOutcome.CONFIGURED,
              ConfigureOutcome.VERSION_CHANGED,
              ConfigureOutcome.LIMIT_REACHED));

  public static final Wire<Optional<Configured>> CONFIGURED_IF_NEWER =
      new Wire<>() {
        @Override
        public void write(Optional<Configured> configured, WireWriter out) {
          out.writeBoolean(configured.isPresent());
          configured.ifPresent(
              newer -> {
                out.writeVarLong(newer.version());
                ValueWire.writeList(newer.resources(), out, ResourceWire::writeResource);
              });
        }

        @Override
        public Optional<Configured> read(WireReader in) {
          return in.readBoolean()
              ? Optional.of(
                  new Configured(
                      in.readVarLong(),
                      ValueWire.readList(in, RESOURCES, ResourceWire::readResource)))
              : Optional.empty();
        }
      };

  private static final Limit RESOURCES =
      new Limit("resources", 3, ResourceSettings.RESOURCES_PER_KIND_MAX);

  private ResourceWire() {}

  public static void writeConfigure(AdminCommand.ConfigureResource command, WireWriter out) {
    KIND.write(command.resourceKind(), out);
    out.writeString(command.name());
    out.writeVarLong(command.expectedVersion());
    ValueWire.writeSettings(command.settings(), out);
  }

  static AdminCommand.ConfigureResource readConfigure(WireReader in) {
    return new AdminCommand.ConfigureResource(
        KIND.read(in), in.readString(), in.readVarLong(), ValueWire.readSettings(in));
  }

  private static void writeResource(Resource resource, WireWriter out) {
    out.writeString(resource.name());
    out.writeVarLong(resource.version());
    ValueWire.writeSettings(resource.settings(), out);
  }

  private static Resource readResource(WireReader in) {
    return new Resource(in.readString(), in.readVarLong(), ValueWire.readSettings(in));
  }
}
