package io.weft.controlplane.groups;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.GroupRequest;
import java.net.InetAddress;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/// The client of a request to the coordinator, and what it asks for.
record CoordinatorClient(
    String clientId,
    InetAddress clientAddress,
    KafkaPrincipal principal,
    int requestType,
    int requestVersion)
    implements AuthorizableRequestContext {
  static CoordinatorClient of(GroupRequest request) {
    try {
      return new CoordinatorClient(
          request.client().clientId(),
          InetAddress.ofLiteral(request.client().clientHost()),
          principal(request.client().principal()),
          request.apiKey(),
          request.version());
    } catch (IllegalArgumentException e) {
      throw new ControlPlaneException.Rejected("an impossible client: " + e.getMessage());
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
