package io.weft.controlplane.codec.shape;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/// A record's accessors and its constructor, and an interface's methods, as they can be called
/// without their types. Stateless.
public final class Handles {
  private static final MethodType OBJECT_OF_OBJECT =
      MethodType.methodType(Object.class, Object.class);

  /// As the constructor of an array of objects: gives it as it is.
  static final MethodHandle SAME =
      MethodHandles.identity(Object[].class)
          .asType(MethodType.methodType(Object.class, Object[].class));

  private Handles() {}

  /// As the accessor of an item of an array of objects.
  static MethodHandle item(int index) {
    return MethodHandles.insertArguments(MethodHandles.arrayElementGetter(Object[].class), 1, index)
        .asType(OBJECT_OF_OBJECT);
  }

  /// @throws IllegalArgumentException if the record is not visible from here
  public static MethodHandle accessor(RecordComponent component) {
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

  /// A method as one that is called with its object and an array of its arguments. It gives `true`
  /// where it gives nothing.
  ///
  /// @throws IllegalArgumentException if the method is not visible from here
  public static MethodHandle method(Method method) {
    try {
      MethodHandle handle = MethodHandles.lookup().unreflect(method);
      if (method.getReturnType() == void.class) {
        handle =
            MethodHandles.filterReturnValue(handle, MethodHandles.constant(Object.class, true));
      }
      return handle
          .asSpreader(Object[].class, method.getParameterCount())
          .asType(MethodType.methodType(Object.class, Object.class, Object[].class));
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException("%s is not public".formatted(method), e);
    }
  }

  /// Throws what the method throws.
  public static Object call(MethodHandle method, Object object, Object[] arguments) {
    try {
      return (Object) method.invokeExact(object, arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a method with a checked exception", e);
    }
  }

  public static Object get(MethodHandle accessor, Object record) {
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
