package io.weft.controlplane.groups.limit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.weft.model.RegexRules;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RegexRulesTest {
  /// Three quarters of a thread's: the leader's calls above it have the rest.
  private static final long STACK_BYTES = 768 << 10;

  @Test
  void whatPeopleSubscribeToIsAllowed() {
    assertThat(RegexRules.faultOf(null)).isEmpty();
    for (String usual :
        List.of(
            "orders-(eu|us)-[0-9]{1,3}.*\\{",
            "a{1000}",
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "(?i)tenant\\.[^.]{1,100}\\.(events|commands)",
            "\\x{1000}{3}\\p{Greek}{20}\\Qa{1000}{1000}\\E",
            "x".repeat(1_000))) {
      assertThat(RegexRules.faultOf(usual)).as(usual).isEmpty();
    }
  }

  @Test
  void whatIsNoneIsForWhoCompilesIt() {
    for (String odd :
        List.of(
            "", "{", "}", "{3}", ")", "(", "\\", "a{,3}", "a{3", "[", "[^", "[]", "[[:", "a{3,,}",
            "(?", "(?i", "(?P<", "(?<n", "\\Q", "\\Q\\E", "\\p{", "\\x{", "*", "a**")) {
      assertThat(RegexRules.faultOf(odd)).as(odd).isEmpty();
    }
  }

  @Test
  void howeverItIsHiddenWhatIsRepeatedIsCounted() {
    String many = "a".repeat(100);
    for (String big :
        List.of(
            "(.?){1000}(.?){1000}(.?){1000}(.?){1000}b",
            "a{0,1000}",
            "(a{1000}){1000}",
            "((((a{100}){100}){100}){100}",
            "a{1000}{1000}",
            "x".repeat(1_001),
            "(" + many + "[(]){100}",
            "(" + many + "[])]){100}",
            "(" + many + "[^])]){100}",
            "(" + many + "[[:alpha:])]){100}",
            "(" + many + "[\\])]){100}",
            "(" + many + ")(?i){100}",
            "(" + many + ")\\Q\\E{100}",
            "(" + many + "\\Q)\\E){100}",
            "(?:" + many + "){100,}",
            "(?P<n>" + many + "){2,100}",
            "(?s-i:" + many + "){100}")) {
      assertThat(RegexRules.faultOf(big)).as(big).isPresent();
    }
  }

  /// The deepest that are allowed, compiled and matched with the longest name a topic may have.
  @Test
  void whatIsAllowedFitsIntoAStack() throws InterruptedException {
    for (String deep :
        List.of(
            "(.?){250}b",
            "a{0,499}",
            "(a{0,240}){0,2}",
            "(".repeat(499) + "a" + ")".repeat(499),
            "(a|(b|".repeat(120) + "c" + "))".repeat(120),
            "((((a?)?)?)?){90}",
            "(()|){240}",
            "^".repeat(999) + "b",
            "(a*)".repeat(249))) {
      assertThat(RegexRules.faultOf(deep)).as(deep).isEmpty();
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread thread =
          new Thread(
              null,
              () -> Pattern.compile(deep).matcher("a".repeat(249)).matches(),
              "small",
              STACK_BYTES);
      thread.setUncaughtExceptionHandler((_, e) -> thrown.set(e));
      thread.start();
      thread.join();
      assertThat(thrown.get()).as(deep).isNull();
    }
  }
}
