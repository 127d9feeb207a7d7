package io.weft.controlplane.command;

import io.weft.controlplane.api.question.Fit;
import io.weft.controlplane.api.question.OneEach;
import io.weft.controlplane.codec.shape.Handles;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;

/// As many answers as there were questions, where [OneEach] says so. Immutable.
///
/// @param argument the one that is the list asked for, or the record that has it
/// @param asked from that record to the list
/// @param answered from the reply to the list in it, if it is no list itself
record OneEachFit(int argument, Optional<MethodHandle> asked, Optional<MethodHandle> answered)
    implements Fit {
  /// @return empty if nothing is marked so
  /// @throws IllegalArgumentException if only one of question and reply is
  static Optional<Fit> of(Method method) {
    AnnotatedType[] types = method.getAnnotatedParameterTypes();
    Optional<MethodHandle> answered = marked(method.getReturnType());
    Optional<Fit> fit = Optional.empty();
    for (int i = 0; i < types.length; i++) {
      Optional<MethodHandle> asked = marked(method.getParameterTypes()[i]);
      if (asked.isPresent() || types[i].isAnnotationPresent(OneEach.class)) {
        if (answered.isEmpty() && method.getReturnType() != List.class) {
          throw new IllegalArgumentException(method + " does not answer with a list");
        }
        if (fit.isPresent()) {
          throw new IllegalArgumentException(method + " asks with two lists");
        }
        fit = Optional.of(new OneEachFit(i, asked, answered));
      }
    }
    if (answered.isPresent() && fit.isEmpty()) {
      throw new IllegalArgumentException(method + " does not ask with a list");
    }
    return fit;
  }

  private static Optional<MethodHandle> marked(Class<?> type) {
    if (type.isRecord()) {
      for (RecordComponent each : type.getRecordComponents()) {
        if (each.getAnnotatedType().isAnnotationPresent(OneEach.class)) {
          return Optional.of(Handles.accessor(each));
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void check(List<?> arguments, Object reply) {
    Fit.checkCount(size(answered, reply), size(asked, arguments.get(argument)));
  }

  private static int size(Optional<MethodHandle> accessor, Object value) {
    Object list = accessor.isPresent() ? Handles.get(accessor.get(), value) : value;
    return ((List<?>) list).size();
  }
}
