package io.weft.house;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// That what is logged has as many values as places for them. An exception stands behind the
/// values: put into a place it would leave that empty, and bring its frames as well.
final class LogCalls {
  private static final Set<String> LEVELS = Set.of("trace", "debug", "info", "warn", "error");

  private LogCalls() {}

  static List<Violation> check(Collection<SourceUnit> sources) {
    return sources.stream()
        .flatMap(
            source ->
                source.logCalls().stream()
                    .filter(call -> !call.fits())
                    .map(
                        call ->
                            new Violation(
                                source.path().toString(),
                                "\"%s\" has %d places for %d values"
                                    .formatted(
                                        call.message(), call.placeholders(), call.arguments()))))
        .toList();
  }

  static List<SourceUnit.LogCall> of(CompilationUnitTree tree) {
    Exceptions exceptions = new Exceptions();
    exceptions.scan(tree, null);
    Calls calls = new Calls(exceptions.names);
    calls.scan(tree, null);
    return List.copyOf(calls.found);
  }

  /// The names that a file has for exceptions.
  private static final class Exceptions extends TreeScanner<Void, Void> {
    private final Set<String> names = new HashSet<>();

    @Override
    public Void visitCatch(CatchTree caught, Void none) {
      names.add(caught.getParameter().getName().toString());
      return super.visitCatch(caught, null);
    }

    @Override
    public Void visitVariable(VariableTree variable, Void none) {
      String type = variable.getType() == null ? "" : variable.getType().toString();
      if (type.matches(".*(Exception|Error|Throwable)")) {
        names.add(variable.getName().toString());
      }
      return super.visitVariable(variable, null);
    }
  }

  private static final class Calls extends TreeScanner<Void, Void> {
    private final Set<String> exceptions;
    private final List<SourceUnit.LogCall> found = new ArrayList<>();

    Calls(Set<String> exceptions) {
      this.exceptions = exceptions;
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
      if (call.getMethodSelect() instanceof MemberSelectTree select
          && select.getExpression().toString().equals("LOG")
          && LEVELS.contains(select.getIdentifier().toString())) {
        text(call.getArguments().getFirst())
            .ifPresent(message -> found.add(logCall(message, call.getArguments())));
      }
      return super.visitMethodInvocation(call, null);
    }

    private SourceUnit.LogCall logCall(String message, List<? extends ExpressionTree> all) {
      ExpressionTree last = all.getLast();
      boolean withException =
          all.size() > 1
              && ((last instanceof IdentifierTree name && exceptions.contains(name.toString()))
                  || last.toString().endsWith(".getCause()"));
      int placeholders = message.split("\\{}", -1).length - 1;
      return new SourceUnit.LogCall(message, placeholders, all.size() - 1, withException);
    }

    /// A message that is written out, in one piece or several.
    private static Optional<String> text(ExpressionTree tree) {
      return switch (tree) {
        case LiteralTree literal -> Optional.of(String.valueOf(literal.getValue()));
        case BinaryTree sum ->
            text(sum.getLeftOperand())
                .flatMap(left -> text(sum.getRightOperand()).map(left::concat));
        default -> Optional.empty();
      };
    }
  }
}
