package io.weft.controlplane.api.question;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a method as a question to the control plane.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Question {
  /// The byte that tells it from the others, in its messages. Given once, to one method, and never
  /// again: 7 was the catalog in one reply.
  byte kind();

  /// The name of what is asked, for people, and in the journal where a question has ended a leader.
  /// It stays as it is, too.
  String name();

  /// The level from which on it is known: control planes of a level before do not answer it.
  int since() default 1;

  /// Whether it may be asked again when nobody knows if it has been answered. One that may not is
  /// for the coordinator of groups, and waits as long as its request says.
  boolean repeatable() default true;

  /// What replies have to fit beside [OneEach].
  Class<? extends Fit> fit() default Fit.Any.class;
}
