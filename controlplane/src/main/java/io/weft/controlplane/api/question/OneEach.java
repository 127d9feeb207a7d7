package io.weft.controlplane.api.question;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A list among the arguments of a question, or in a record that is its only argument: the reply
/// has one item for each of these, in order. The reply is a list itself, or a record with a list
/// that is marked so too.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface OneEach {}
