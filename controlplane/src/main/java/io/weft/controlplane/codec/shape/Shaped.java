package io.weft.controlplane.codec.shape;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Bytes written by hand: of all values of a type, or of those at one place.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.TYPE_USE})
public @interface Shaped {
  /// Has a constructor without parameters.
  Class<? extends Shape<?>> by();
}
