package io.weft.controlplane.codec.shape;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The most items that a list, a set or a map may have: more are malformed. Of an `int`, that it is
/// the number of some things: 1 to so many.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface AtMost {
  int value();
}
