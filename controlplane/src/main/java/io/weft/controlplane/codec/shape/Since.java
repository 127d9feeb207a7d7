package io.weft.controlplane.codec.shape;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The level from which on a component is written. Read from bytes of a level before, it is empty,
/// zero or false.
///
/// Of a constant of an enum: the level from which on it is written. It has no bytes at a level
/// before.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE_USE, ElementType.FIELD})
public @interface Since {
  int value();
}
