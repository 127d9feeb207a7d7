package io.weft.controlplane.groups;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.GroupRequest;
import java.net.InetAddress;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/// Who asks the coordinator, and what about.
record Asker(
    String clientId,
    InetAddress clientAddress,
    KafkaPrincipal principal,
    int requestType,
    int requestVersion)
    implements AuthorizableRequestContext {
  static Asker of(GroupRequest request) {
    try {
      return new Asker(
          request.asker().clientId(),
          InetAddress.ofLiteral(request.asker().clientHost()),
          principal(request.asker().principal()),
          request.apiKey(),
          request.version());
    } catch (IllegalArgumentException e) {
      throw new ControlPlaneException.Rejected("an impossible asker: " + e.getMessage());
    }
  }

  private static KafkaPrincipal principal(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("a principal without a type");
    }
    return new KafkaPrincipal(text.substring(0, colon), text.substring(colon + 1));
  }

  @Override
  public String listenerName() {
    return "";
  }

  @Override
  public SecurityProtocol securityProtocol() {
    return SecurityProtocol.PLAINTEXT;
  }

  @Override
  public int correlationId() {
    return 0;
  }
}
