package io.weft.server.place;

import java.io.IOException;
import java.util.Map;

/// What is asked of the metadata service of each cloud to learn the zone of this machine. All of
/// them answer at the same address.
enum Cloud {
  /// The zone's id (`use1-az1`), which means the same zone in every account; where there is none,
  /// as in older services, its name (`us-east-1a`).
  AWS {
    @Override
    String zone(MetadataCall call) throws IOException {
      // IMDSv2: without a token, most machines answer nothing.
      String token =
          call.ask(
              "PUT",
              "/latest/api/token",
              Map.of("X-aws-ec2-metadata-token-ttl-seconds", TOKEN_SECONDS));
      Map<String, String> authorized = Map.of("X-aws-ec2-metadata-token", token);
      String placement = "/latest/meta-data/placement/";
      try {
        return call.ask("GET", placement + "availability-zone-id", authorized);
      } catch (IOException withoutIds) {
        return call.ask("GET", placement + "availability-zone", authorized);
      }
    }
  },

  /// The last part of `projects/NUMBER/zones/us-central1-a`.
  GCP {
    @Override
    String zone(MetadataCall call) throws IOException {
      String zone =
          call.ask("GET", "/computeMetadata/v1/instance/zone", Map.of("Metadata-Flavor", "Google"));
      return zone.substring(zone.lastIndexOf('/') + 1);
    }
  },

  /// Region and number (`westeurope-1`); a number alone is one of every region.
  AZURE {
    @Override
    String zone(MetadataCall call) throws IOException {
      Map<String, String> headers = Map.of("Metadata", "true");
      String compute = "/metadata/instance/compute/%s?api-version=2021-02-01&format=text";
      String number = call.ask("GET", compute.formatted("zone"), headers);
      if (number.isEmpty()) {
        throw new IOException("this machine is in no zone");
      }
      return call.ask("GET", compute.formatted("location"), headers) + "-" + number;
    }
  };

  private static final String TOKEN_SECONDS = "60";

  /// @throws IOException if this is not the machine's cloud, or it does not say
  abstract String zone(MetadataCall call) throws IOException;
}
