package io.weft.controlplane.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.question.OneEach;
import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.model.AgentId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QuestionsTest {
  private static final TopicId TOPIC = new TopicId(1, 2);

  public interface One {
    @Question(kind = 1, name = "First")
    boolean first(int number);
  }

  public interface SameKind {
    @Question(kind = 1, name = "Second")
    boolean second();
  }

  public interface SameName {
    @Question(kind = 2, name = "First")
    boolean second();
  }

  public interface NotDeclared {
    boolean forgotten();
  }

  public interface Unlimited {
    @Question(kind = 3, name = "Unlimited")
    boolean take(List<String> names);
  }

  public interface WithoutBytes {
    @Question(kind = 3, name = "WithoutBytes")
    Thread thread();
  }

  public interface OneForNone {
    @Question(kind = 3, name = "OneForNone")
    boolean ask(@OneEach @AtMost(3) List<String> names);
  }

  public interface AskedOnce {
    @Question(kind = 3, name = "AskedOnce", repeatable = false)
    boolean ask(int number);
  }

  @Test
  void whatIsDeclaredWrongIsFoundWhenQuestionsAreCollected() {
    assertThat(new Questions(List.of(One.class)).list()).hasSize(1);
    for (Class<?> each :
        List.of(
            SameKind.class,
            SameName.class,
            NotDeclared.class,
            Unlimited.class,
            WithoutBytes.class,
            OneForNone.class,
            AskedOnce.class)) {
      assertThatThrownBy(() -> new Questions(List.of(One.class, each)))
          .describedAs(each.getSimpleName())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aCallIsACommand() {
    Command<Boolean> command = Command.of(TopicCatalog.class, it -> it.delete(TOPIC));

    assertThat(command.question().name()).isEqualTo("DeleteTopic");
    assertThat(command.arguments()).containsExactly(TOPIC);
    assertThat(command)
        .isEqualTo(Command.of(TopicCatalog.class, it -> it.delete(TOPIC)))
        .isNotEqualTo(Command.of(TopicCatalog.class, it -> it.delete(new TopicId(1, 3))));
    assertThat(command).hasToString("DeleteTopic[%s]".formatted(TOPIC));
  }

  @Test
  void whatGivesNothingIsAnsweredWithTrue() {
    Answering port = new Answering(true);

    port.as(Membership.class).leave(new AgentId(3));

    assertThat(port.asked)
        .containsExactly(
            Command.of(
                Membership.class,
                it -> {
                  it.leave(new AgentId(3));
                  return true;
                }));
  }

  /// What an interface says itself asks through its other methods.
  @Test
  void methodsWithABodyWork() {
    Page page =
        new Page("id", true, List.of(), List.of(), Optional.empty(), Position.NOWHERE, false);
    Answering port = new Answering(page);

    assertThat(port.as(TopicCatalog.class).read(5).orElseThrow().clusterId()).isEqualTo("id");
    assertThat(port.asked)
        .containsExactly(Command.of(TopicCatalog.class, it -> it.page(Position.NOWHERE)));
  }

  @Test
  void whatAPortThrowsComesOutAsItIs() {
    ControlPlaneException.Rejected rejected = new ControlPlaneException.Rejected("no");
    Answering port = new Answering(rejected);

    assertThatThrownBy(() -> port.as(TopicCatalog.class).delete(TOPIC)).isSameAs(rejected);
    assertThatThrownBy(() -> port.as(TopicCatalog.class).read(5)).isSameAs(rejected);
  }

  @Test
  void interfacesCanBeToldApartAndShown() {
    Answering port = new Answering(true);
    TopicCatalog topics = port.as(TopicCatalog.class);

    assertThat(Set.of(topics)).contains(topics).doesNotContain(port.as(TopicCatalog.class));
    assertThat(topics.toString()).startsWith("TopicCatalog of ");
  }

  @Test
  void aCommandIsAskedOfOneWhoAnswersItsAskerOnly() {
    Command<Boolean> command = Command.of(TopicCatalog.class, it -> it.delete(TOPIC));
    Answering other = new Answering(true);

    assertThat(command.askOf(TopicCatalog.class, other.as(TopicCatalog.class))).contains(true);
    assertThat(command.askOf(Membership.class, other.as(Membership.class))).isEmpty();
    assertThat(other.asked).containsExactly(command);
  }

  /// Answers everything alike.
  private static final class Answering implements CommandPort {
    private final List<Command<?>> asked = new ArrayList<>();
    private final Object answer;

    Answering(Object answer) {
      this.answer = answer;
    }

    @Override
    public <R> R ask(Command<R> command) {
      asked.add(command);
      if (answer instanceof RuntimeException failure) {
        throw failure;
      }
      return command.question().reply(answer);
    }

    @Override
    public CommitFeed feed() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
