package io.weft.controlplane.command;

import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.ConfigureOutcome;
import io.weft.controlplane.api.admin.ResourceSettings.Configured;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.controlplane.api.admin.ResourceSettings.Resource;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.ValueWire.Limit;
import java.util.List;
import java.util.Optional;

/// The bytes of questions about settings of resources. Stateless.
///
///     configure  = kind:byte name:string expectedVersion:varlong settings
///     configured = 0 | 1 version:varlong count (name:string version:varlong settings)*
final class ResourceWire {
  static final Wire<Kind> KIND =
      ValueWire.oneOf(List.of(Kind.AGENT, Kind.GROUP, Kind.CLIENT_METRICS));

  static final Wire<ConfigureOutcome> CONFIGURE_OUTCOME =
      ValueWire.oneOf(
          List.of(
              ConfigureOutcome.CONFIGURED,
              ConfigureOutcome.VERSION_CHANGED,
              ConfigureOutcome.LIMIT_REACHED));

  static final Wire<Optional<Configured>> CONFIGURED_IF_NEWER =
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

  static void writeConfigure(Command.ConfigureResource command, WireWriter out) {
    KIND.write(command.resourceKind(), out);
    out.writeString(command.name());
    out.writeVarLong(command.expectedVersion());
    TopicWire.writeSettings(command.settings(), out);
  }

  static Command.ConfigureResource readConfigure(WireReader in) {
    return new Command.ConfigureResource(
        KIND.read(in), in.readString(), in.readVarLong(), TopicWire.readSettings(in));
  }

  private static void writeResource(Resource resource, WireWriter out) {
    out.writeString(resource.name());
    out.writeVarLong(resource.version());
    TopicWire.writeSettings(resource.settings(), out);
  }

  private static Resource readResource(WireReader in) {
    return new Resource(in.readString(), in.readVarLong(), TopicWire.readSettings(in));
  }
}
