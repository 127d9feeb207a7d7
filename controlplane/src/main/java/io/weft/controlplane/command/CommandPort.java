package io.weft.controlplane.command;

import io.weft.controlplane.api.ControlPlane;
import java.lang.reflect.Proxy;

/// A way to the process that answers commands: a control plane whose questions become commands.
/// Thread-safe; `ask` blocks.
public interface CommandPort extends ControlPlane {
  /// @throws io.weft.controlplane.api.ControlPlaneException as the `api` says
  <R> R ask(Command<R> command);

  /// The caller's interface, each call of a question turned into a command for [#ask].
  @Override
  default <A> A as(Class<A> asker) {
    return asker.cast(
        Proxy.newProxyInstance(
            asker.getClassLoader(), new Class<?>[] {asker}, new Calls(asker, this)));
  }
}
