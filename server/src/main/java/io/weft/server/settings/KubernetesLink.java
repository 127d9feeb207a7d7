package io.weft.server.settings;

import java.util.regex.Pattern;

/// The variables that Kubernetes and Docker give a process for each service or link near it: for
/// one named `weft` that is `WEFT_SERVICE_HOST`, `WEFT_PORT=tcp://10.0.0.7:9092`,
/// `WEFT_PORT_9092_TCP_ADDR` and more. Nobody has set them, so they are no settings.
final class KubernetesLink {
  private static final Pattern NAME =
      Pattern.compile(
          ".*_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");
  private static final Pattern PORT_NAME = Pattern.compile(".*_PORT");
  private static final Pattern ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

  private KubernetesLink() {}

  static boolean is(String variable, String value) {
    return NAME.matcher(variable).matches()
        || (PORT_NAME.matcher(variable).matches() && ADDRESS.matcher(value).matches());
  }
}
