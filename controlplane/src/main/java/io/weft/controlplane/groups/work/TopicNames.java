package io.weft.controlplane.groups.work;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// The topics at one moment, for a task beside the leader's thread. Immutable.
///
/// A task that goes through them is asked at each name whether it may go on: the only place where a
/// task that knows nothing of limits can be held or ended.
final class TopicNames extends AbstractSet<String> {
  private final String[] names;
  private final Runnable atEach;

  /// @param names not changed any more
  /// @param atEach may throw, to end it
  TopicNames(String[] names, Runnable atEach) {
    this.names = names;
    this.atEach = atEach;
  }

  @Override
  public int size() {
    return names.length;
  }

  @Override
  public Iterator<String> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < names.length;
      }

      @Override
      public String next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        atEach.run();
        return names[next++];
      }
    };
  }
}
