package io.weft.agent.membership;

import io.weft.controlplane.api.Membership.Advertised;
import io.weft.model.ListenerName;
import java.util.List;

/// Where clients reach this agent.
///
/// @param listeners in the order in which the operator names them, one at least
public record ClientAddresses(List<Advertised> listeners) {
  public ClientAddresses {
    listeners = List.copyOf(listeners);
    if (listeners.isEmpty()) {
      throw new IllegalArgumentException("an agent that no client reaches");
    }
  }

  /// Of an agent whose clients all reach it at one address.
  public static ClientAddresses of(String host, int port) {
    return new ClientAddresses(List.of(new Advertised(ListenerName.PLAINTEXT, host, port)));
  }

  /// The one that stands for the agent where one address is known of each.
  public Advertised main() {
    return Advertised.main(listeners);
  }

  /// What the control plane has to be told beside the main one; empty if that says it all.
  List<Advertised> told() {
    return listeners.equals(List.of(main())) && main().listener().equals(ListenerName.PLAINTEXT)
        ? List.of()
        : listeners;
  }
}
