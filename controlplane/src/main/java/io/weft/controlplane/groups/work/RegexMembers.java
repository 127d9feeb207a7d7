package io.weft.controlplane.groups.work;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The members whose regular expression could not be matched; each is told with its next heartbeat.
/// Owned by the leader thread.
public final class RegexMembers {
  /// Members that are remembered; an earlier one is not told. As many expressions that could be
  /// matched are remembered.
  private static final int MEMBERS_MAX = 10_000;

  private final Map<Member, Refused> refused = new Bounded<>();
  private final Map<Member, String> brought = new Bounded<>();
  private final Map<Matched, Boolean> matched = new Bounded<>();
  private Optional<Member> asking = Optional.empty();

  private record Member(String group, String id) {}

  private record Matched(String group, String regex) {}

  private record Refused(String regex, String why) {}

  private static final class Bounded<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > MEMBERS_MAX;
    }
  }

  /// A member's heartbeat is about to be taken.
  ///
  /// @param regex that it says it subscribes to; null if it says nothing new
  /// @return what is wrong with the one it has
  public Optional<String> hear(String group, String member, String regex) {
    Member one = new Member(group, member);
    asking = Optional.of(one);
    Optional<Refused> before = Optional.ofNullable(refused.get(one));
    if (regex != null && !before.map(Refused::regex).equals(Optional.of(regex))) {
      refused.remove(one);
      bring(one, regex);
      return Optional.empty();
    }
    return before.map(Refused::why);
  }

  /// What its group has matched before is not to blame for what fails later.
  private void bring(Member member, String regex) {
    if (matched.containsKey(new Matched(member.group(), regex))) {
      brought.remove(member);
    } else {
      brought.put(member, regex);
    }
  }

  /// It has left.
  public void forget(String group, String member) {
    refused.remove(new Member(group, member));
    brought.remove(new Member(group, member));
  }

  /// The heartbeat is taken.
  public void heard() {
    asking = Optional.empty();
  }

  /// The member whose heartbeat is being taken; empty if none is.
  String group() {
    return asking.map(Member::group).orElse("");
  }

  /// What was brought to this group and has not been matched yet, by member.
  Map<String, String> unmatched(String group) {
    Map<String, String> regexes = new LinkedHashMap<>();
    brought.forEach(
        (member, regex) -> {
          if (member.group().equals(group)) {
            regexes.put(member.id(), regex);
          }
        });
    return regexes;
  }

  /// @param regexes by the member that brought it, which may have another by now
  void matched(String group, Map<String, String> regexes) {
    regexes.forEach(
        (id, regex) -> {
          matched.put(new Matched(group, regex), true);
          brought.remove(new Member(group, id), regex);
        });
  }

  /// Which of them it was is not known: the coordinator matches them together.
  ///
  /// @param regexes by the member that brought it, which may have another by now
  void failed(String group, Map<String, String> regexes, String why) {
    regexes.forEach(
        (id, regex) -> {
          Member member = new Member(group, id);
          if (brought.remove(member, regex)) {
            refused.put(member, new Refused(regex, why));
          }
        });
  }
}
