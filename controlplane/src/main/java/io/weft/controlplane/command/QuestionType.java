package io.weft.controlplane.command;

import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.question.Fit;
import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.Handles;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.model.OpaqueBytes;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What one method of the api asks: all there is to know of it, from its declaration. Immutable;
/// there is one for each method.
///
/// @param <R> the type of its reply; `Boolean`, and true, where the method gives nothing
public final class QuestionType<R> {
  private final Question declared;
  private final Class<?> asker;
  private final Class<?> result;
  private final MethodHandle method;
  private final Message<Object[]> arguments;
  private final Message<R> reply;
  private final Fit fit;
  private final Optional<Fit> oneEach;

  /// @throws IllegalArgumentException if the method is no question, or its values have no bytes
  QuestionType(Method method, Shapes shapes) {
    this.declared = method.getAnnotation(Question.class);
    if (declared == null) {
      throw new IllegalArgumentException(method + " is no question");
    }
    this.asker = method.getDeclaringClass();
    this.result = method.getReturnType();
    if (result.isPrimitive() && result != boolean.class && result != void.class) {
      throw new IllegalArgumentException(method + " has a reply that is no value");
    }
    if (!declared.repeatable()
        && !(Arrays.equals(method.getParameterTypes(), new Class<?>[] {GroupRequest.class})
            && result == OpaqueBytes.class)) {
      throw new IllegalArgumentException(method + " is not for the coordinator of groups");
    }
    this.method = Handles.method(method);
    this.arguments = new Message<>("command", shapes.ofArguments(method));
    @SuppressWarnings("unchecked") // The shape is that of the method's result.
    Shape<R> shape =
        (Shape<R>)
            (result == void.class
                ? shapes.of(boolean.class)
                : shapes.of(method.getAnnotatedReturnType()));
    this.reply = new Message<>("reply", shape);
    this.fit = made(declared.fit());
    this.oneEach = OneEachFit.of(method);
  }

  private static Fit made(Class<? extends Fit> type) {
    try {
      return type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type + " has no public constructor without parameters", e);
    }
  }

  /// The question that a call asks: see [Command#of].
  public static <A, R> QuestionType<R> of(Class<A> asker, Function<? super A, R> call) {
    return Command.of(asker, call).question();
  }

  public byte kind() {
    return declared.kind();
  }

  public String name() {
    return declared.name();
  }

  /// The level from which on it is known.
  public int since() {
    return declared.since();
  }

  /// The interface that the method is part of.
  public Class<?> asker() {
    return asker;
  }

  public boolean isRepeatable() {
    return declared.repeatable();
  }

  /// About how many bytes of memory a reply takes. One that is always short has no weight.
  public long weight(R value) {
    return reply.weight(value);
  }

  /// A reply made by code that does not know its type.
  @SuppressWarnings("unchecked") // The method's result is what replies are.
  public R reply(Object value) {
    return (R) value;
  }

  R ask(Object answering, Object[] values) {
    return reply(Handles.call(method, answering, values));
  }

  /// What a call gives that is not answered.
  R nothing() {
    return reply(result.isPrimitive() ? Boolean.FALSE : null);
  }

  Message<Object[]> arguments() {
    return arguments;
  }

  Message<R> reply() {
    return reply;
  }

  /// @throws IllegalArgumentException if this cannot be the reply to these arguments
  void checkFits(List<?> values, R value) {
    fit.check(values, value);
    if (oneEach.isPresent()) {
      oneEach.get().check(values, value);
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
