package io.weft.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// That no interface asks for more by inheritance than it may by itself ([Sizes] counts the methods
/// that one declares anew). Not counted are methods with a body, and those of interfaces that are
/// not ours: `close` is something every reader knows.
final class Contracts {
  /// The interfaces that are forgiven, and why.
  private static final Map<String, String> FORGIVEN = Map.of();

  private final Map<String, CompiledClass> classes;

  private Contracts(Collection<CompiledClass> classes) {
    this.classes =
        classes.stream().collect(Collectors.toMap(CompiledClass::name, Function.identity()));
  }

  static List<Violation> check(Collection<CompiledClass> classes) {
    return check(classes, FORGIVEN.keySet());
  }

  static List<Violation> check(Collection<CompiledClass> classes, Set<String> forgiven) {
    Contracts contracts = new Contracts(classes);
    Set<Violation> violations = new TreeSet<>();
    Set<String> needless = new TreeSet<>(forgiven);
    for (CompiledClass one : classes) {
      int methods = contracts.asked(one).size();
      boolean tooMany = methods > Sizes.INTERFACE_METHODS_MAX;
      if (tooMany && !needless.remove(one.name())) {
        violations.add(
            new Violation(
                one.name(),
                "methods with those it inherits: %d, at most %d"
                    .formatted(methods, Sizes.INTERFACE_METHODS_MAX)));
      }
    }
    needless.forEach(
        name ->
            violations.add(
                new Violation(name, "asks for no more than it may: it needs not be forgiven")));
    return List.copyOf(violations);
  }

  /// The abstract methods of an interface with those that it inherits; none of a class.
  private Set<CompiledClass.Signature> asked(CompiledClass one) {
    if (one.contract().isEmpty()) {
      return Set.of();
    }
    CompiledClass.Contract contract = one.contract().get();
    Set<CompiledClass.Signature> asked = new HashSet<>(contract.asked());
    for (String above : contract.extended()) {
      if (classes.containsKey(above)) {
        asked(classes.get(above)).stream()
            .filter(inherited -> !contract.replaces(inherited))
            .forEach(asked::add);
      } else {
        ofTheJdk(above).flatMap(CompiledClass::contract).map(CompiledClass.Contract::asked).stream()
            .flatMap(Set::stream)
            .forEach(known -> asked.removeIf(own -> own.replaces(known)));
      }
    }
    return asked;
  }

  private static Optional<CompiledClass> ofTheJdk(String name) {
    try {
      return CompiledClass.ofTheJdk(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
