package io.weft.controlplane.command;

import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.codec.shape.Since;
import io.weft.model.OpaqueBytes;
import java.util.List;

/// Commands as a release might have them that adds cases, layouts and questions at level 2.
public final class LaterCommands {
  private static final Questions QUESTIONS = new Questions(List.of(Later.class));

  private LaterCommands() {}

  public sealed interface Thing {}

  @Kind(1)
  public record OldThing(int number) implements Thing {}

  @Kind(value = 2, since = 2)
  public record NewThing(int number) implements Thing {}

  @Kind(3)
  @Kind(value = 4, since = 2)
  public record ChangedThing(int number, @Since(2) int more) implements Thing {}

  /// Asked of nobody: what it asks is written down.
  public interface Later {
    @Question(kind = 120, name = "TakeThing")
    boolean take(Thing thing);

    @Question(kind = 121, name = "Coordinate", repeatable = false, since = 2)
    OpaqueBytes coordinate(GroupRequest request);
  }

  public static Command<Boolean> take(Thing thing) {
    return command("take", Thing.class, thing);
  }

  public static Command<OpaqueBytes> coordinate(GroupRequest request) {
    return command("coordinate", GroupRequest.class, request);
  }

  @SuppressWarnings("unchecked") // The callers know what their questions are answered with.
  private static <R> Command<R> command(String method, Class<?> parameter, Object argument) {
    try {
      QuestionType<R> question =
          (QuestionType<R>) QUESTIONS.of(Later.class.getMethod(method, parameter)).orElseThrow();
      return new Command<>(question, new Object[] {argument});
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  public static byte[] bytes(Command<?> command, int level) {
    WireWriter out = new WireWriter();
    CommandCodec.writeCommand(command, level, out);
    return out.toByteArray();
  }
}
