package io.weft.controlplane.codec.shape;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/// A record's accessors and its constructor, as they can be called without its type. Stateless.
final class Handles {
  private static final MethodType OBJECT_OF_OBJECT =
      MethodType.methodType(Object.class, Object.class);

  private Handles() {}

  /// @throws IllegalArgumentException if the record is not visible from here
  static MethodHandle accessor(RecordComponent component) {
    try {
      return MethodHandles.lookup().unreflect(component.getAccessor()).asType(OBJECT_OF_OBJECT);
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException("%s is not public".formatted(component), e);
    }
  }

  /// @throws IllegalArgumentException if the record is not visible from here
  static MethodHandle constructor(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return MethodHandles.lookup()
          .unreflectConstructor(type.getDeclaredConstructor(types))
          .asSpreader(Object[].class, types.length)
          .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("%s has no public constructor".formatted(type), e);
    }
  }

  static Object get(MethodHandle accessor, Object record) {
    try {
      return (Object) accessor.invokeExact(record);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("an accessor that throws", e);
    }
  }

  /// Throws what the constructor throws.
  static Object make(MethodHandle constructor, Object[] values) {
    try {
      return (Object) constructor.invokeExact(values);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a constructor with a checked exception", e);
    }
  }
}
