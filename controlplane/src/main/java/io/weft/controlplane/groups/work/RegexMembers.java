package io.weft.controlplane.groups.work;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who brought a regular expression that could not be matched, to be told with the next heartbeat.
/// Owned by the leader thread.
public final class RegexMembers {
  /// Members that are remembered; who brought one before them is not told.
  private static final int MEMBERS_MAX = 10_000;

  private final Map<Member, Refused> refused = new Bounded<>();
  private final Map<Member, String> brought = new Bounded<>();
  private Optional<Member> asking = Optional.empty();

  private record Member(String group, String id) {}

  private record Refused(String regex, String why) {}

  private static final class Bounded<V> extends LinkedHashMap<Member, V> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Member, V> eldest) {
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
      forget(group, member);
      brought.put(one, regex);
      return Optional.empty();
    }
    return before.map(Refused::why);
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

  /// Whose heartbeat is being taken; empty if none is.
  String group() {
    return asking.map(Member::group).orElse("");
  }

  /// Who brought one to this group that has not been matched yet.
  Set<String> unmatched(String group) {
    Set<String> ids = new LinkedHashSet<>();
    for (Member each : brought.keySet()) {
      if (each.group().equals(group)) {
        ids.add(each.id());
      }
    }
    return ids;
  }

  void matched(String group, Set<String> ids) {
    ids.forEach(id -> brought.remove(new Member(group, id)));
  }

  void failed(String group, Set<String> ids, String why) {
    for (String id : ids) {
      Optional.ofNullable(brought.remove(new Member(group, id)))
          .ifPresent(regex -> refused.put(new Member(group, id), new Refused(regex, why)));
    }
  }
}
