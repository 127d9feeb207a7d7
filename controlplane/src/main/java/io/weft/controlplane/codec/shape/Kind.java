package io.weft.controlplane.codec.shape;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The byte that tells a case of a sealed interface from its others. It is given once, to one case
/// and one layout, and never again.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Kind.Several.class)
public @interface Kind {
  byte value();

  /// The level from which on the case is written with this kind.
  int since() default 1;

  /// The kinds of a case that was given more than one layout.
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface Several {
    Kind[] value();
  }
}
