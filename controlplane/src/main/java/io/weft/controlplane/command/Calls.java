package io.weft.controlplane.command;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.Optional;

/// Makes a command of each call of a question. Thread-safe.
record Calls(Class<?> asker, CommandPort port) implements InvocationHandler {
  private static final Object[] NONE = {};

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    Optional<QuestionType<?>> question = Questions.all().of(method);
    if (question.isPresent()) {
      return port.ask(new Command<>(question.get(), arguments == null ? NONE : arguments));
    }
    if (method.isDefault()) {
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }
    return switch (method.getName()) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> asker.getName().hashCode();
      case "toString" -> "%s of %s".formatted(asker.getSimpleName(), port);
      case String other -> throw new IllegalStateException(other + " is no question");
    };
  }
}
